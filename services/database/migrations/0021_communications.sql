-- How users want to be written to, and what was written to them.

alter table users
  -- In the form E.164.
  add column phone text,
  -- Text messages are sent to those alone who have said that they want them.
  add column wants_texts boolean not null default false,
  add column channel text not null default 'sms' check (channel in ('sms', 'email')),
  -- Minutes of the day in the zone of the user, between which nothing but what is urgent makes a phone ring.
  add column quiet_from smallint not null default 1260 check (quiet_from between 0 and 1439),
  add column quiet_until smallint not null default 480 check (quiet_until between 0 and 1439);

-- One row for each message and channel that it was tried on.
create table communication_metrics (
  message_key text not null,
  channel text not null check (channel in ('sms', 'email')),
  user_id text not null,
  message_type text not null,
  status text not null check (status in ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (message_key, channel)
);
create index communication_metrics_of_user on communication_metrics (user_id);
create index communication_metrics_by_age on communication_metrics (created_at);

-- What was done for users that exist: one row for each message that reached a provider.
create table communication_log (
  message_key text primary key,
  user_id text not null references users on delete cascade,
  action text not null,
  result text not null,
  created_at timestamptz not null default now()
);
create index communication_log_of_user on communication_log (user_id);

-- Answers of recipients that have been read, by the id that the provider gave them.
create table text_answers (
  provider_sid text primary key,
  received_at timestamptz not null default now()
);
