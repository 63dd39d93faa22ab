-- Breakers by provider key, one row for each provider that has ever failed. Every transition is one statement.
create table breakers (
  key text primary key,
  -- Failures in a row.
  failures int not null default 0,
  last_failure_at timestamptz,
  -- Why it is as it is: the type of the last failure, or the words of an operator.
  reason text,
  -- Null while the breaker is closed.
  opened_at timestamptz,
  -- Null while an operator keeps it open.
  next_probe_at timestamptz,
  -- The one call that probes, and until when it is believed to be alive.
  probe uuid,
  probe_until timestamptz,
  -- The provider asked all callers to wait until then.
  throttled_until timestamptz,
  changed_at timestamptz not null default now()
);

-- Calls that wait for a provider; a run with several names one of them with their number.
create table breaker_parked (
  key text not null,
  -- Id of the task.
  holder text not null,
  workflow_id text not null,
  calls int not null,
  -- When it asks again; a row that is much older belongs to a run that has ended.
  until timestamptz not null,
  since timestamptz not null default now(),
  primary key (key, holder)
);
create index breaker_parked_until on breaker_parked (until);

-- What changed the state of a breaker: failures and probes, or a person.
create table breaker_changes (
  id bigint generated always as identity primary key,
  key text not null,
  at timestamptz not null default now(),
  change text not null check (change in ('opened', 'closed')),
  by text not null,
  reason text not null
);
create index breaker_changes_key on breaker_changes (key, id desc);
