-- Answers to requests with an Idempotency-Key, so that a repeated request gets the first answer. Neither keys nor contents
-- nor answers can be read here: the name and the fingerprint are digests, and the answer is encrypted with the key of
-- its request.
create table request_answers (
  -- Digest of the key and of the caller that it belongs to.
  name text primary key,
  -- Digest of the content of the first request.
  fingerprint text not null,
  -- The request that is being answered, and the time until which it is alive.
  holder uuid not null,
  held_until timestamptz not null,
  -- Null until there is an answer, and for one that is too large to be kept.
  answer bytea,
  created_at timestamptz not null default clock_timestamp()
);
create index request_answers_by_age on request_answers (created_at);
