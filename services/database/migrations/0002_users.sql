-- Whom reports, digests and reminders are for. Applications keep their own users;
-- this is what Perennial needs to know of them.

create table users (
  id text primary key,
  email text not null,
  name text not null default '',
  -- IANA name: days and schedules of this user are counted in it.
  time_zone text not null default 'UTC',
  last_active_at timestamptz,
  wants_digest boolean not null default true,
  wants_reminders boolean not null default true,
  created_at timestamptz not null default now()
);
create index users_by_activity on users (last_active_at, id);
create index documents_of_user on documents (user_id, created_at) where user_id is not null;
