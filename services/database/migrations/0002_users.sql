-- Recipients of reports, digests and reminders. Applications keep their own users;
-- this table holds what Perennial needs of them.

create table users (
  id text primary key,
  email text not null,
  name text not null default '',
  -- IANA name of the zone in which days and schedules of this user are counted.
  time_zone text not null default 'UTC',
  last_active_at timestamptz,
  wants_digest boolean not null default true,
  wants_reminders boolean not null default true,
  created_at timestamptz not null default now()
);
create index users_by_activity on users (last_active_at, id);
create index documents_of_user on documents (user_id, created_at) where user_id is not null;
