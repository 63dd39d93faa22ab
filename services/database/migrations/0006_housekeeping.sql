-- What housekeeping remembers from run to run.

-- One row for each thing whose health is watched.
create table health_state (
  name text primary key,
  status text not null check (status in ('healthy', 'degraded', 'unhealthy')),
  -- Since when it has had this status.
  since timestamptz not null,
  checked_at timestamptz not null,
  -- {check: text}
  checks jsonb not null
);

-- Changes to unhealthy and back: what the administrator is told, once each.
create table health_changes (
  -- Also the business key of the message.
  key text primary key,
  from_status text not null check (from_status in ('healthy', 'degraded', 'unhealthy')),
  to_status text not null check (to_status in ('healthy', 'degraded', 'unhealthy')),
  at timestamptz not null,
  checks jsonb not null,
  told_at timestamptz
);
create index health_changes_untold on health_changes (at) where told_at is null;

-- Runs of tasks whose only effect is that they ran.
create table sunrise_runs (
  key text primary key,
  ran_at timestamptz not null default now()
);

-- Whether a blob is still named must be known before it is removed, and documents are many.
create index documents_of_blob on documents ((blob ->> 'key')) where blob is not null;

-- Finished batches by age, for the purge.
create index batches_finished on batches (finished_at) where finished_at is not null;
