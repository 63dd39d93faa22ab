-- Work that will not be tried again by itself: one row for each task that failed for good. The first columns are those
-- that a dead letter table of a Celery application has.
create table dead_letters (
  id bigint generated always as identity primary key,
  -- Id of the run of a single task, or of the call of a canvas.
  task_id text not null unique,
  task_name text not null,
  -- Redacted: what an operator may see. The run itself keeps what a redrive needs.
  args jsonb not null default '[]',
  kwargs jsonb not null default '{}',
  error_type text not null,
  error_message text not null,
  traceback text not null default '',
  retry_count integer not null default 0,
  failed_at timestamptz not null default now(),
  requeued_at timestamptz,
  resolved boolean not null default false,

  failure_class text not null,
  -- The run that failed: the task itself, the canvas, or the pipeline.
  workflow text not null,
  workflow_id text not null,
  run_id text not null,
  -- Where in the run it failed.
  step_path text not null,
  queue text,
  priority integer,
  tenant text,
  -- Equal for the same failure of the same step in the same version.
  fingerprint text not null,
  version text not null,
  -- Equal for the same input of the same task.
  input_hash text not null,
  -- Whether the same input has failed in the same way too often for a redrive without being asked for by name.
  quarantined boolean not null default false,
  redriven_as text,
  resolution text check (resolution in ('redriven', 'resolved', 'discarded')),
  resolved_by text,
  resolved_at timestamptz,
  reason text,
  check (resolved = (resolution is not null))
);
create index dead_letters_open on dead_letters (id) where not resolved;
create index dead_letters_cause on dead_letters (fingerprint);
create index dead_letters_input on dead_letters (input_hash, fingerprint);
create index dead_letters_run on dead_letters (workflow_id, run_id);

-- Runs whose failures have been recorded; the row of a run is written with its letters, in one transaction.
create table dead_runs (
  run_id text primary key,
  recorded_at timestamptz not null default now()
);

-- What else is to happen because of a dead letter, each once: the mail, the hook of the application.
create table dead_letter_notices (
  letter bigint not null references dead_letters on delete cascade,
  kind text not null,
  tries integer not null default 0,
  due_at timestamptz not null default now(),
  primary key (letter, kind)
);
create index dead_letter_notices_due on dead_letter_notices (due_at);

-- Runs that closed before this time have been looked at; the first process that looks makes the row.
create table dead_letter_mark (
  only_row boolean primary key default true check (only_row),
  looked_until timestamptz not null default now(),
  -- The process that looks, and until when no other one does.
  keeper uuid,
  kept_until timestamptz not null default '-infinity'
);

-- The record of failures that applications know by this name.
create view task_failures as
  select task_id, task_name, error_type, error_message, traceback, args, kwargs, failed_at from dead_letters;
