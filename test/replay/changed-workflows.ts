/** What a careless change looks like: it saves before it reads. Only for the test that shows replay catches it. */
import { DEFAULT_READING } from '../../contracts/documents/vocabulary.ts';
import { tasks } from '../../workflows/calls/tasks.ts';
import { readWholeDocument } from '../../workflows/documents/read-document.ts';

export async function processDocumentOcr(documentId: string): Promise<void> {
  await tasks.documents.saveDocuments({
    options: DEFAULT_READING,
    outcomes: [{ position: 0, documentId, status: 'completed' }],
  });
  await readWholeDocument(documentId, DEFAULT_READING);
}
