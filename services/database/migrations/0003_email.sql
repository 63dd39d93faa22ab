-- The ledger of outgoing mail: one row for each message, written before it is handed to the
-- mail server and after the server accepted it. It holds no address, subject or text.

create table email_messages (
  message_key text primary key,
  -- Message-ID of every attempt, by which receivers recognise repetitions.
  message_id text not null,
  -- SHA-256 of the address in lower case.
  recipient_hash text not null,
  -- The mailing of the message, and its position in the list.
  bulk_id text,
  position integer check (position >= 0),
  state text not null check (state in ('sending', 'sent', 'deferred', 'failed', 'duplicate')),
  attempts integer not null default 1,
  -- The claim of the sending attempt, and the end of its lease.
  claim uuid,
  lease_until timestamptz,
  response_code integer,
  failure_type text,
  failure_message text,
  -- It is also the date in the message, the same for every attempt.
  created_at timestamptz not null default now(),
  claimed_at timestamptz not null default now(),
  sent_at timestamptz,
  check (state <> 'sent' or sent_at is not null),
  check (state <> 'sending' or (claim is not null and lease_until is not null)),
  check (state not in ('failed', 'duplicate') or failure_type is not null)
);
create index email_messages_of_bulk on email_messages (bulk_id, position) where bulk_id is not null;
create index email_messages_by_age on email_messages (created_at);
