-- Tables that users have uploaded: each is read once, and its report says what stands in it.

create table data_files (
  -- Chosen by the caller, or the id of the task that reads it.
  file_id text primary key,
  user_id text not null,
  tenant text,
  -- {store, key, size, sha256}: what was uploaded, which nothing changes.
  original jsonb not null,
  -- How its bytes are read: {format, delimiter, encoding, …} as the caller gave them.
  options jsonb not null,
  -- {layout, file, from, to, line}: its rows as first read, and as they stand after what was mended.
  first jsonb,
  current jsonb,
  -- Figures of the report, and the report itself: {store, key, size, sha256}.
  figures jsonb,
  report jsonb,
  created_at timestamptz not null default now(),
  profiled_at timestamptz,
  check ((report is null) = (profiled_at is null) and (report is null) = (current is null))
);
create index data_files_of_user on data_files (user_id, created_at desc, file_id desc);
