-- When a parked run is woken, because somebody has set the breaker that it waits for; null when it waits for its own timer.
alter table breaker_parked add column wake_at timestamptz;
create index breaker_parked_wake_at on breaker_parked (wake_at) where wake_at is not null;
