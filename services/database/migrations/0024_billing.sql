-- What the provider of payments tells, and what is known of its objects.

create table billing_events (
  -- Id that the provider gave the event: what is told again is the same event.
  event_id text primary key,
  event_type text not null,
  object_id text,
  -- Events of one lane are processed one after the other: the customer where it is known, else the object.
  lane text not null,
  -- When it happened, by the clock of the provider, in whole seconds.
  happened_at timestamptz not null,
  livemode boolean not null,
  state text not null default 'pending' check (state in ('pending', 'applied', 'outdated', 'unknown', 'unreadable')),
  -- The object as JSON, readable with SEAL_KEYS alone; null once it was applied or found outdated.
  sealed bytea,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  check (state <> 'pending' or sealed is not null)
);
create index billing_events_pending on billing_events (lane, happened_at, event_id) where state = 'pending';
create index billing_events_by_age on billing_events (received_at, event_id);

-- One row for each object: who owes what, and how it stands. It holds no name, no address and nothing of a card.
create table billing_objects (
  object_id text primary key,
  kind text not null check (kind in ('customer', 'subscription', 'invoice', 'charge', 'refund', 'dispute')),
  customer_id text,
  -- The charge of a refund or dispute, the subscription of an invoice.
  parent_id text,
  status text not null,
  -- In the smallest unit of the currency; what was paid of an invoice, and refunded of a charge, is settled.
  amount bigint,
  settled bigint,
  currency text,
  -- Price of a subscription, number of an invoice, reason of a refund or dispute.
  detail text,
  -- End of the period of a subscription, day on which an invoice is due, end of the time to answer a dispute.
  ends_at timestamptz,
  -- Time of the state, by the clock of the provider: what is older changes nothing.
  as_of timestamptz not null,
  changed_at timestamptz not null default now()
);
create index billing_objects_of_customer on billing_objects (customer_id, kind) where customer_id is not null;
create index billing_objects_of_parent on billing_objects (parent_id) where parent_id is not null;

alter table users
  add column billing_customer text unique,
  -- The best subscription of the customer, and the end of its period.
  add column subscription_status text,
  add column subscription_until timestamptz;
