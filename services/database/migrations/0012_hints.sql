-- What a person should know about the pages of a document.

-- [{page, text}]; null until the document is completed.
alter table documents add column hints jsonb;
