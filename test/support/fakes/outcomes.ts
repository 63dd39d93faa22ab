import type { BatchOutcome } from '../../../contracts/documents/schema.ts';
import { failureRecord } from '../../../contracts/failures.ts';
import { documentId } from './api.ts';

/** What became of the document at a position of a batch. */
export const outcome = (
  position: number,
  status: BatchOutcome['status'] = 'completed',
  name = `${position}.png`,
): BatchOutcome => ({
  position,
  documentId: documentId(position),
  name,
  status,
  pages: 1,
  confidence: 0.91,
  reading: 'read',
  failure: status === 'failed' ? failureRecord('EncryptedDocument', 'needs a password') : null,
});
