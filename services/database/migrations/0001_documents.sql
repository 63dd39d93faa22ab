-- Documents, their pages, and the batches that read them.
-- All times are timestamptz: an instant, shown in UTC.

create table documents (
  id uuid primary key,
  user_id text,
  name text not null,
  -- Where the bytes are: a path inside the allowed folders, or a blob.
  file_path text,
  blob jsonb,
  media_type text,
  status text not null default 'pending' check (status in ('pending', 'processing', 'completed', 'failed')),
  pages integer check (pages > 0),
  -- The options with which the stored pages were read.
  reading_key text,
  -- {text, confidence, pages: [{page, text, confidence, engine}]}
  ocr_result jsonb,
  ocr_confidence double precision check (ocr_confidence between 0 and 1),
  engine text,
  fallback_reason text,
  extracted_data jsonb,
  error_type text,
  error_message text,
  created_at timestamptz not null default now(),
  processing_started_at timestamptz,
  processing_completed_at timestamptz,
  check (num_nonnulls(file_path, blob) = 1),
  check (status <> 'completed' or (ocr_result is not null and ocr_confidence is not null and processing_completed_at is not null)),
  check (status <> 'failed' or error_type is not null)
);
create index documents_newest on documents (created_at desc, id desc);
create index documents_newest_by_status on documents (status, created_at desc, id desc);

-- Words for the search. PostgreSQL refuses a tsvector above 1 MB, and a page must not fail
-- because of its search index, so a shorter beginning of the page is indexed then.
create function page_search(content text) returns tsvector
language plpgsql immutable strict parallel safe as $$
begin
  return to_tsvector('pg_catalog.simple', left(content, 200000));
exception when program_limit_exceeded then
  return to_tsvector('pg_catalog.simple', left(content, 50000));
end
$$;

create table document_pages (
  document_id uuid not null references documents (id) on delete cascade,
  -- From 0.
  page integer not null check (page >= 0),
  reading_key text not null,
  text text not null,
  confidence double precision not null check (confidence between 0 and 1),
  engine text not null,
  fallback_reason text,
  -- Size, turn, tilt and words; the text has a column of its own.
  reading jsonb not null,
  search tsvector generated always as (page_search(text)) stored,
  primary key (document_id, page)
);
create index document_pages_search on document_pages using gin (search);

create table batches (
  id text primary key,
  options jsonb not null,
  status text not null default 'running' check (status in ('running', 'finished', 'cancelled')),
  created_at timestamptz not null default now(),
  -- Set when all entries are stored.
  prepared_at timestamptz,
  finished_at timestamptz
);

create table batch_items (
  batch_id text not null references batches (id) on delete cascade,
  position integer not null check (position >= 0),
  -- There is no foreign key, because a batch keeps the outcome of a document that was deleted.
  document_id uuid,
  name text not null,
  -- Null until the entry has an outcome.
  outcome text check (outcome in ('completed', 'failed', 'missing')),
  -- {type, class, message}
  failure jsonb,
  primary key (batch_id, position)
);
create index batch_items_pending on batch_items (batch_id, position) include (document_id) where outcome is null;
