-- What was mended in tables, and what was written of them for their users.

create table data_cleanings (
  cleaning_id text primary key,
  file_id text not null references data_files (file_id) on delete cascade,
  -- Position among the cleanings of the file: only the last one that stands can be undone.
  number integer not null,
  -- Ids of the fixes, as the report of the file names them.
  fixes text[] not null,
  -- {layout, file, from, to, line}: the rows before and after.
  before jsonb not null,
  after jsonb not null,
  -- {store, key, size, sha256}: each change as a line of JSON.
  changes jsonb not null,
  figures jsonb not null,
  created_at timestamptz not null default now(),
  undone_at timestamptz,
  unique (file_id, number)
);

create table data_exports (
  export_id text primary key,
  file_id text not null references data_files (file_id) on delete cascade,
  format text not null check (format in ('csv', 'jsonl', 'xlsx', 'parquet')),
  rows bigint not null,
  left_out bigint not null,
  -- {store, key, size, sha256}
  file jsonb not null,
  created_at timestamptz not null default now()
);
create index data_exports_of_file on data_exports (file_id);
