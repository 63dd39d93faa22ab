import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import type { DocumentStore } from '../../../services/documents/port.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { completed, readDocument, reading } from './records.ts';

let test: TestDatabase;
let documents: DocumentStore;

beforeAll(async () => {
  test = await testDatabase();
  documents = createDocumentStore(test.db);
});
afterAll(() => test.drop());

describe('a completed document', () => {
  it('OCR-10 leaves blank pages out of the mean, and tells what of a document was not read', async () => {
    const unread = [{ box: [0.1, 0.2, 0.5, 0.6] as const, reason: 'There seems to be writing.' }];
    const partly = await readDocument(documents, [
      reading(0, { confidence: 0.8, engine: 'text-layer+tesseract.js' }),
      reading(1, { confidence: 0, text: '', words: [], state: 'blank', engine: 'tesseract.js' }),
      reading(2, { confidence: 0.6, state: 'partly read', unread }),
    ]);
    const blank = await readDocument(documents, [reading(0, { confidence: 0, text: '', words: [], state: 'blank' })]);
    await documents.saveOutcomes([completed(partly), completed(blank, 1)], undefined);
    const view = await documents.view(partly);
    expect(view).toMatchObject({ reading: 'partly read', unread: [{ page: 2, ...unread[0] }] });
    expect(view?.confidence).toBeCloseTo(0.7);
    expect(view?.engine).toBe('tesseract+tesseract.js+text-layer');
    expect(await documents.result(partly)).toMatchObject({ state: 'partly read', unread: [{ page: 2 }] });
    expect(await documents.view(blank)).toMatchObject({ status: 'completed', reading: 'blank', confidence: null });
    expect(await documents.result(blank)).toMatchObject({ state: 'blank', confidence: null, unread: [] });
  });
});
