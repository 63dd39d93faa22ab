-- Imports of files, range by range, and the rows of named datasets.

create table imports (
  id text primary key,
  -- Run of the workflow. Rows carry it, so that a repetition of the same run differs from another import.
  run uuid not null unique,
  -- The input; addresses are stored without their query.
  input jsonb not null,
  source text not null,
  schema text not null,
  dataset text,
  dry_run boolean not null,
  status text not null default 'running' check (status in ('running', 'finished', 'failed', 'cancelled')),
  -- {parts, size, sha256}: temporary, in the blob store.
  parts jsonb not null default '[]',
  -- ETag or Last-Modified of the first part, so that a later part is of the same file.
  validator text,
  file jsonb,
  layout jsonb,
  -- The file rewritten as UTF-8 CSV, in which the ranges count; null for the original.
  rewritten jsonb,
  counts jsonb,
  rejects jsonb,
  failure jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index imports_newest on imports (created_at desc, id desc);

-- Progress of each range. It is updated in the same transaction as a batch of rows,
-- so that every good row is saved exactly once.
create table import_ranges (
  run uuid not null references imports (run) on delete cascade,
  range integer not null check (range >= 0),
  -- Bytes [start_at, end_at) of the file; everything before done_to is saved or rejected.
  start_at bigint not null,
  end_at bigint not null,
  done_to bigint not null,
  -- Line of the record that begins at done_to.
  line bigint not null,
  -- The last transaction, by which a repeated transaction recognises itself.
  step uuid,
  read bigint not null default 0,
  saved bigint not null default 0,
  rejected bigint not null default 0,
  skipped bigint not null default 0,
  primary key (run, range)
);

-- Rejected records, kept until the rejects file is written.
create table import_rejects (
  run uuid not null references imports (run) on delete cascade,
  line bigint not null,
  position integer not null,
  "column" text not null,
  value text not null,
  reason text not null,
  primary key (run, line, position)
);

-- Documents of a list that are still to be downloaded.
create table import_downloads (
  run uuid not null references imports (run) on delete cascade,
  document_id uuid not null,
  name text not null,
  url text not null,
  user_id text,
  line bigint not null,
  primary key (run, document_id)
);

-- Rows of any shape, in named datasets.
create table records (
  dataset text not null,
  key text not null,
  data jsonb not null,
  import_run uuid,
  import_line bigint,
  updated_at timestamptz not null default now(),
  primary key (dataset, key)
);

-- The import and the line that each row comes from; of two lines with one key the first wins.
alter table users add column import_run uuid, add column import_line bigint;
alter table documents add column import_run uuid, add column import_line bigint;
create index documents_of_import on documents (import_run, import_line) where import_run is not null;
