-- Limits that hold across all workers, and the effects of the example tasks.

-- The time up to which the starts of a key are reserved. A row whose time
-- has passed has no effect and may be deleted at any time.
create table limit_rates (
  key text primary key,
  next_at timestamptz not null
);
create index limit_rates_by_age on limit_rates (next_at);

-- Holders of places under a limit of concurrency and waiting runs, in the order of tickets.
-- A place belongs to a run, not to a worker, so it outlives a killed process.
create table limit_places (
  ticket bigint generated always as identity primary key,
  key text not null,
  holder text not null,
  asked_at timestamptz not null default clock_timestamp(),
  -- Null while the run waits.
  granted_at timestamptz,
  -- Time of the last check that the run is alive.
  checked_at timestamptz not null default clock_timestamp(),
  unique (key, holder)
);
create index limit_places_by_key on limit_places (key, ticket);

-- Effects of the example tasks, once for each business key.
create table operations_effects (
  kind text not null,
  key text not null,
  at timestamptz not null default now(),
  primary key (kind, key)
);
