import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { DEFAULT_READING, type OcrBackend, type ProcessDocumentResult } from '../../contracts/documents/vocabulary.ts';
import type { DocumentOutcome, ReadingOptions } from '../../contracts/documents/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { failureOf } from '../failures.ts';
import { readWholeDocument } from './read-document.ts';

/**
 * Reads one document and stores its text. The row becomes `failed` only when the attempts are used up, so that a retry
 * is not shown as a failure; a second run changes nothing.
 * @param backend - preferred engine; when another one reads the document, the result names it
 * @throws ApplicationFailure with a type of the failure registry
 */
export async function processDocumentOcr(
  documentId: string,
  backend: OcrBackend = DEFAULT_READING.backend,
  overrides: Partial<Omit<ReadingOptions, 'backend'>> = {},
): Promise<ProcessDocumentResult> {
  const options: ReadingOptions = { ...DEFAULT_READING, ...overrides, backend };
  const save = (outcome: Pick<DocumentOutcome, 'status' | 'failure'>) =>
    CancellationScope.nonCancellable(() =>
      tasks.documents.saveDocuments({ options, outcomes: [{ position: 0, documentId, ...outcome }] }),
    );
  try {
    await readWholeDocument(documentId, options);
  } catch (error) {
    const failure = failureOf(error);
    if (isCancellation(error)) await save({ status: 'released' });
    // A malformed or unknown id has no row to mark.
    else if (failure.type !== 'InvalidInput' && failure.type !== 'DocumentNotFound')
      await save({ status: 'failed', failure });
    throw error;
  }
  const { confidence } = await save({ status: 'completed' });
  return { status: 'success', document_id: documentId, confidence };
}
