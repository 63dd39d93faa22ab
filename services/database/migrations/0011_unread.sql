-- What became of the pages of a document, as far as readers of a list need it.

alter table documents
  -- Null until the document is completed.
  add column reading text check (reading in ('read', 'partly read', 'blank')),
  -- [{page, box, reason}]: the places that could not be read.
  add column unread jsonb;

-- A document of blank pages has no confidence, because there is nothing to be sure of.
alter table documents drop constraint documents_check1;
alter table documents add constraint documents_completed check (
  status <> 'completed'
  or (ocr_result is not null and (ocr_confidence is not null or reading = 'blank') and processing_completed_at is not null)
);
