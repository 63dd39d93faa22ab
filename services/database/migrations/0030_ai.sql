-- What is used of models: a row for each business key, in billionths of the currency. What is kept back has no settled_at.
create table ai_usage (
  tenant text not null,
  request_key text not null,
  model text not null,
  month date not null,
  reserved bigint not null,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost bigint not null default 0,
  made_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (tenant, request_key)
);

create index ai_usage_month on ai_usage (tenant, month, model);
create index ai_usage_reserved on ai_usage (tenant, made_at) where settled_at is null;

-- The sums of a tenant and month, by which a budget is kept.
create table ai_months (
  tenant text not null,
  month date not null,
  spent bigint not null default 0,
  reserved bigint not null default 0,
  primary key (tenant, month)
);

-- Most that a tenant may spend in a month, of tenants with a bound of their own.
create table ai_budgets (
  tenant text primary key,
  monthly bigint not null check (monthly >= 0),
  changed_at timestamptz not null default now()
);
