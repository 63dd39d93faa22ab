-- Worker processes that are running, one row for each; a process renews its row every few seconds and removes it when
-- it stops.
create table worker_heartbeats (
  id uuid primary key,
  host text not null,
  -- Queues that the process polls, with their region if they have one.
  queues text[] not null,
  seen_at timestamptz not null default now()
);
