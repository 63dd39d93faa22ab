-- Vectors of texts by content, of the length 1; each is made once for a tenant and model.
create table ai_vectors (
  tenant text not null,
  model text not null,
  text_hash text not null,
  embedding real[] not null,
  made_at timestamptz not null default now(),
  primary key (tenant, model, text_hash)
);

-- Which texts are in which collection.
create table ai_texts (
  tenant text not null,
  model text not null,
  collection text not null,
  text_id text not null,
  text_hash text not null,
  primary key (tenant, model, collection, text_id)
);

-- The extension compares vectors faster; without it, or without the right to create it, they are compared in SQL.
do $$
begin
  if exists (select from pg_available_extensions where name = 'vector') then
    create extension if not exists vector;
  end if;
exception when insufficient_privilege then
  null;
end
$$;
