-- How often the same input has failed in the same way under this id: a pipeline and a call of a canvas keep theirs.
alter table dead_letters add column times integer not null default 1;
