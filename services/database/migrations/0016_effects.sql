-- Results of effects that tasks have once for each key, such as a payment. Neither keys nor contents nor results can be
-- read here: the name and the fingerprint are digests, and the result is encrypted.
create table effect_answers (
  -- Digest of the tenant and the key.
  name text primary key,
  -- Digest of what the effect is.
  fingerprint text not null,
  -- The attempt that has the effect, and the time until which it is believed to be alive.
  holder uuid not null,
  held_until timestamptz not null,
  -- Attempts that have begun it.
  claims integer not null default 1,
  -- Null until it has happened.
  answer bytea,
  created_at timestamptz not null default clock_timestamp()
);
create index effect_answers_by_age on effect_answers (created_at);

alter table request_answers add column claims integer not null default 1;

-- Counters of the example tasks.
create table operations_counters (
  name text primary key,
  value bigint not null
);
