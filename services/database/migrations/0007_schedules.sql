-- Outcome of each due time of each schedule. Temporal forgets runs after its
-- retention and counts skipped and missed ones without saying which.

create table schedule_runs (
  schedule_id text not null,
  due_at timestamptz not null,
  state text not null check (state in ('ran', 'skipped', 'missed')),
  reason text,
  detail text,
  workflow_id text,
  started_at timestamptz,
  recorded_at timestamptz not null default now(),
  primary key (schedule_id, due_at)
);
create index schedule_runs_by_time on schedule_runs (due_at desc);
create index schedule_runs_not_ran on schedule_runs (due_at desc) where state <> 'ran';

-- Last audited due time of each schedule, and the counts of the server at that time.
create table schedule_audits (
  schedule_id text primary key,
  audited_until timestamptz not null,
  paused boolean not null,
  missed_catchup bigint not null,
  skipped_overlap bigint not null,
  buffer_dropped bigint not null,
  -- The rule of the due times; those before an update follow the old rule.
  definition jsonb not null
);
