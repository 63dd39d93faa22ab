-- State of housekeeping between runs.

-- State of health, one row for each watched system.
create table health_state (
  name text primary key,
  status text not null check (status in ('healthy', 'degraded', 'unhealthy')),
  -- Start of the current status.
  since timestamptz not null,
  checked_at timestamptz not null,
  -- {check: text}
  checks jsonb not null
);

-- Changes to unhealthy and back; the administrator is notified once of each.
create table health_changes (
  -- It is also the business key of the message.
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

-- Index by which housekeeping finds the documents that name a blob before it is deleted.
create index documents_of_blob on documents ((blob ->> 'key')) where blob is not null;

-- Index of finished batches by age, for the purge.
create index batches_finished on batches (finished_at) where finished_at is not null;
