-- Entries of caches. They can be computed again, so a crash of the server may take them, and writing them costs no log.
create unlogged table cache_entries (
  key text primary key,
  kind text not null check (kind in ('text', 'list', 'hash', 'set')),
  text text,
  items text[],
  fields jsonb,
  expires_at timestamptz,
  used_at timestamptz not null default now()
);

create index cache_entries_expires_at on cache_entries (expires_at);
