-- Where the provider of payments and billing_objects differ, as the last comparison found it.

create table billing_differences (
  object_id text not null,
  kind text not null,
  -- `missing here`, `missing there`, or the field that differs.
  field text not null,
  ours text,
  theirs text,
  found_at timestamptz not null default now(),
  primary key (object_id, field)
);
