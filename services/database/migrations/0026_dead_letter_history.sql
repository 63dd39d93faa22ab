-- What was done about failed runs: a run that fails again opens its letters again, which then hold the newest failure alone.
create table dead_letter_history (
  id bigint generated always as identity primary key,
  -- `refused` is a redrive that could not be started, with the reason.
  what text not null check (what in ('redriven', 'refused', 'resolved', 'discarded')),
  happened_at timestamptz not null default now(),
  done_by text not null,
  reason text,
  -- The run that failed.
  from_id text not null,
  from_run text not null,
  -- The letter, where it was closed alone.
  task_id text,
  -- The run that repeats it; its run id where it has the same id.
  to_id text,
  to_run text,
  -- The redrive of many, as workflow id and run id.
  redrive text
);
create index dead_letter_history_from on dead_letter_history (from_id);
create index dead_letter_history_to on dead_letter_history (to_id);
