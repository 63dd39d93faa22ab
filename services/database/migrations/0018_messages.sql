-- The ledger of text messages: one row for each, written before it is handed to the provider and after the provider has
-- taken it. It holds no number and no text.

create table text_messages (
  message_key text primary key,
  -- Names the message in the addresses that the provider tells news to.
  message_id uuid not null unique default gen_random_uuid(),
  -- SHA-256 of the number in the form E.164.
  recipient_hash text not null,
  message_type text not null,
  user_id text,
  state text not null check (state in ('sending', 'accepted', 'deferred', 'failed')),
  attempts integer not null default 1,
  -- When the provider was first asked to take the message without a known answer; another attempt asks it what it has.
  asked_at timestamptz default now(),
  -- The claim of the sending attempt, and the end of its lease.
  claim uuid,
  lease_until timestamptz,
  -- Id that the provider gave the message.
  provider_sid text unique,
  encoding text,
  segments integer,
  cost numeric(14, 6),
  -- What the phone network has made of it, and the number of its error.
  delivery text check (delivery in ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed')),
  error_code integer,
  failure_type text,
  failure_message text,
  created_at timestamptz not null default now(),
  accepted_at timestamptz,
  delivered_at timestamptz,
  check (state <> 'accepted' or (provider_sid is not null and accepted_at is not null)),
  check (state <> 'sending' or (claim is not null and lease_until is not null)),
  check (state <> 'failed' or failure_type is not null)
);
create index text_messages_of_user on text_messages (user_id) where user_id is not null;
create index text_messages_of_recipient on text_messages (recipient_hash);
create index text_messages_by_age on text_messages (created_at);

-- Numbers whose owners have answered STOP, or a word like it. It outlives the messages, because the wish does.
create table text_opt_outs (
  recipient_hash text primary key,
  opted_out_at timestamptz not null default now()
);
