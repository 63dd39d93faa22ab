-- Rows whose run ended without closing them are closed with the reason of its end; `gone` is a run that the server
-- no longer knows.

alter table batches drop constraint batches_status_check, add constraint batches_status_check
  check (status in ('running', 'finished', 'cancelled', 'failed', 'terminated', 'timed-out', 'gone'));
alter table imports drop constraint imports_status_check, add constraint imports_status_check
  check (status in ('running', 'finished', 'cancelled', 'failed', 'terminated', 'timed-out', 'gone'));

-- The indexes are partial, because few rows are open at a time.
create index batches_running on batches (created_at) where status = 'running';
create index imports_running on imports (created_at) where status = 'running';
create index documents_processing on documents (processing_started_at) where status = 'processing';
