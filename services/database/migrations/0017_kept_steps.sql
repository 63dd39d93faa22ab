-- What a failed run has done, so that its redrive does only the rest, also when the server has forgotten the run.
alter table dead_runs
  -- Steps whose results are kept, and those that run again as far as they are known.
  add column steps_kept integer not null default 0,
  add column steps_again integer not null default 1;

-- Sealed with the keys of the workers: how a run was started (place -1), and the results of its steps in pieces.
create table dead_run_pieces (
  run_id text not null,
  place integer not null,
  -- The run with the dead letters: the same, or the one above it that failed with it.
  root_run_id text not null,
  kept_at timestamptz not null default now(),
  key_id text not null,
  sealed bytea not null,
  primary key (run_id, place)
);
create index dead_run_pieces_root on dead_run_pieces (root_run_id);
