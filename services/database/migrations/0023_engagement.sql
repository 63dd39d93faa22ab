-- What users do with what they are told, and messages whose end nobody has told.

create table communication_engagement (
  -- Names what happened where it is known, so that it counts once.
  event_key text primary key,
  user_id text not null,
  channel text not null check (channel in ('sms', 'email')),
  kind text not null check (kind in ('answered', 'opened', 'clicked')),
  happened_at timestamptz not null default now()
);
create index communication_engagement_of_user on communication_engagement (user_id, happened_at);
create index communication_engagement_by_age on communication_engagement (happened_at);

-- The hour of the day, in the zone of the user, at which messages are best received; null while too little is known.
alter table users add column best_hour smallint check (best_hour between 0 and 23);
create index users_by_phone on users (phone) where phone is not null;

alter table text_messages
  -- When the provider was last asked how the message stands, and how often.
  add column looked_at timestamptz,
  add column looks integer not null default 0;
create index text_messages_open on text_messages (created_at)
  where provider_sid is not null and (delivery is null or delivery not in ('delivered', 'undelivered', 'failed'));
