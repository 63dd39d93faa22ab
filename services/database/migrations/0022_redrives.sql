-- The redrive of many letters that took this one, as workflow id and run id; null for a redrive of one.
alter table dead_letters add column redrive text;
create index dead_letters_redrive on dead_letters (redrive) where redrive is not null;
