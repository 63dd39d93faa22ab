-- Reports and exports: one row for each, however often it is made.

create table reports (
  -- The id is derived from what the report is about, so that a second run finds the first one's row.
  id uuid primary key,
  kind text not null check (kind in ('daily', 'weekly', 'monthly', 'user', 'period', 'export')),
  title text not null,
  -- Null for a report about all users.
  user_id text,
  -- First and last day, both included, in the time zone.
  first_day date not null,
  last_day date not null check (last_day >= first_day),
  time_zone text not null,
  -- The same as instants: the first is part of the period, the second is not.
  period_from timestamptz not null,
  period_until timestamptz not null check (period_until >= period_from),
  status text not null default 'ready' check (status in ('ready', 'sent')),
  -- Number of documents in a report, or of rows in an export.
  documents integer not null check (documents >= 0),
  -- {store, key, size, sha256}
  file jsonb not null,
  file_name text not null,
  media_type text not null,
  -- [{name, title, png, svg, width, height}]
  charts jsonb not null default '[]',
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  check ((status = 'sent') = (sent_at is not null))
);
create index reports_newest on reports (created_at desc, id desc);
create index reports_of_user on reports (user_id, created_at desc) where user_id is not null;
