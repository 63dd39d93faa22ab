-- Pictures and what was made of them. The files are blobs.

create table media (
  -- Empty for callers that name no tenant.
  tenant text not null,
  media_key text not null,
  -- Checksum of what it is made from and of what is wanted: other content under the key is refused.
  content text not null,
  source jsonb not null,
  created_at timestamptz not null default now(),
  primary key (tenant, media_key)
);
create index media_by_source on media ((source ->> 'key'));

create table media_files (
  tenant text not null,
  media_key text not null,
  -- Such as web.avif; each is written once.
  name text not null,
  media_type text not null,
  file jsonb not null,
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  made_at timestamptz not null default now(),
  primary key (tenant, media_key, name),
  foreign key (tenant, media_key) references media on delete cascade
);
create index media_files_by_file on media_files ((file ->> 'key'));
