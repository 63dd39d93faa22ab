import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureRecord } from '../../../contracts/failures.ts';
import { createBatchStore } from '../../../services/documents/batches.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import type { BatchStore, DocumentStore, NewBatchItem } from '../../../services/documents/port.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { completed, failed, newDocument, OPTIONS, readDocument, reading, released } from './records.ts';

let test: TestDatabase;
let documents: DocumentStore;
let batches: BatchStore;

beforeAll(async () => {
  test = await testDatabase();
  documents = createDocumentStore(test.db);
  batches = createBatchStore(test.db);
});
afterAll(() => test.drop());

async function batchOf(items: readonly NewBatchItem[]): Promise<string> {
  const batchId = `batch ${randomUUID()}`;
  await batches.open(batchId, OPTIONS);
  await batches.addItems(batchId, items);
  await batches.markPrepared(batchId);
  return batchId;
}

describe('OCR-7 batches', () => {
  it('keeps its options and tells when it is prepared', async () => {
    expect(await batches.exists('b1')).toBe(false);
    expect(await batches.open('b1', OPTIONS)).toEqual({ options: OPTIONS, prepared: false });
    expect(await batches.exists('b1')).toBe(true);
    const item = {
      position: 0,
      documentId: null,
      name: 'gone.pdf',
      outcome: { status: 'missing', failure: failureRecord('DocumentNotFound', 'none') },
    } as const;
    await batches.addItems('b1', [item]);
    await batches.addItems('b1', [item]);
    expect(await batches.markPrepared('b1')).toEqual({ total: 1, completed: 0, failed: 0, missing: 1 });
    expect(await batches.markPrepared('b1')).toEqual({ total: 1, completed: 0, failed: 0, missing: 1 });
    expect(await batches.open('b1', { ...OPTIONS, language: 'deu' })).toEqual({ options: OPTIONS, prepared: true });
    await batches.finish('b1', 'cancelled');
    await batches.finish('b1', 'cancelled');
    await batches.finish('never opened', 'finished');
  });

  it('OCR-10 records entries together with documents, and lists one outcome for each', async () => {
    const good = await readDocument(documents, [reading(0), reading(1)]);
    const bad = await readDocument(documents, [reading(0)]);
    const stopped = await readDocument(documents, [reading(0)]);
    const duplicate = failureRecord('DuplicateDocument', 'named twice');
    const batchId = await batchOf([
      { position: 0, documentId: good, name: 'good.pdf' },
      { position: 1, documentId: bad, name: 'bad.pdf' },
      {
        position: 2,
        documentId: null,
        name: 'unknown',
        outcome: { status: 'missing', failure: failureRecord('DocumentNotFound', 'none') },
      },
      { position: 3, documentId: good, name: 'good.pdf', outcome: { status: 'failed', failure: duplicate } },
      { position: 4, documentId: stopped, name: 'stopped.pdf' },
    ]);
    expect(await batches.pending(batchId, -1, 10)).toEqual([
      { position: 0, documentId: good },
      { position: 1, documentId: bad },
      { position: 4, documentId: stopped },
    ]);
    const outcomes = [completed(good, 0), failed(bad, 1), released(stopped, 4)];
    expect(await documents.saveOutcomes(outcomes, batchId)).toEqual({ saved: 1, confidence: 0.9 });
    const listed = await batches.outcomes(batchId, -1, 10);
    expect(listed.map(({ status }) => status)).toEqual(['completed', 'failed', 'missing', 'failed', 'pending']);
    expect(listed[0]).toEqual({
      position: 0,
      documentId: good,
      name: 'good.pdf',
      status: 'completed',
      pages: 2,
      confidence: 0.9,
      reading: 'read',
      failure: null,
    });
    expect(listed[1]).toMatchObject({ confidence: null, failure: { type: 'CorruptDocument', message: 'damaged' } });
    expect(listed[3]).toMatchObject({ failure: duplicate });
    expect(await batches.pending(batchId, -1, 10)).toEqual([{ position: 4, documentId: stopped }]);
    expect(await batches.counts(batchId)).toEqual({ total: 5, completed: 1, failed: 2, missing: 1 });
    // IDEM-4: once more, with everything unchanged.
    expect(await documents.saveOutcomes(outcomes, batchId)).toEqual({ saved: 1, confidence: 0.9 });
    expect(await batches.outcomes(batchId, -1, 10)).toEqual(listed);
  });

  it('says completed only of entries whose rows are, and never takes that back', async () => {
    const id = await readDocument(documents, [reading(0)]);
    const unread = newDocument();
    await documents.add([unread]);
    const batchId = await batchOf([
      { position: 0, documentId: id, name: 'a' },
      { position: 1, documentId: unread.id, name: 'b' },
    ]);
    expect((await documents.saveOutcomes([completed(id, 0), completed(unread.id, 1)], batchId)).saved).toBe(1);
    await documents.saveOutcomes([failed(id, 0)], batchId);
    expect((await batches.outcomes(batchId, -1, 10)).map(({ status }) => status)).toEqual(['completed', 'pending']);
  });

  it('OCR-11 rolls documents back when their entries cannot be stored', async () => {
    const id = await readDocument(documents, [reading(0)]);
    const batchId = await batchOf([{ position: 0, documentId: id, name: 'a' }]);
    await test.db.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`,
    );
    await test.db.query('create trigger refuse before update on batch_items for each row execute function refuse()');
    await expect(documents.saveOutcomes([completed(id)], batchId)).rejects.toMatchObject({ type: 'DatabaseRejected' });
    await test.db.query('drop trigger refuse on batch_items');
    expect(await documents.view(id)).toMatchObject({ status: 'processing' });
    expect(await documents.saveOutcomes([completed(id)], batchId)).toEqual({ saved: 1, confidence: 0.9 });
  });

  it('resumes a stopped batch with what is left', async () => {
    const id = await readDocument(documents, [reading(0)]);
    const batchId = await batchOf([{ position: 0, documentId: id, name: 'a' }]);
    await batches.finish(batchId, 'cancelled');
    expect(await batches.open(batchId, OPTIONS)).toMatchObject({ prepared: true });
    const { rows } = await test.db.query('select status, finished_at from batches where id = $1', [batchId]);
    expect(rows).toEqual([{ status: 'running', finished_at: null }]);
    expect(await batches.pending(batchId, -1, 5)).toHaveLength(1);
  });
});

describe('100,000 documents', () => {
  it('registers, hands out and saves them in a few statements', { timeout: 120_000 }, async () => {
    const TOTAL = 100_000;
    const all = Array.from({ length: TOTAL }, () => newDocument({ name: 'bulk.pdf' }));
    await documents.add(all);
    const batchId = await batchOf(all.map(({ id, name }, position) => ({ position, documentId: id, name })));
    await test.db.query(
      `update documents set status = 'processing', reading_key = 'k', pages = 1 where name = 'bulk.pdf'`,
    );
    await test.db.query(
      `insert into document_pages (document_id, page, reading_key, text, confidence, engine, reading)
       select id, 0, 'k', 'text of a page', 0.8, 'tesseract', '{}' from documents where reading_key = 'k'`,
    );
    await test.db.query('analyze');
    const started = performance.now();
    const items = await batches.pending(batchId, 50_000, 1_000);
    const saved = await documents.saveOutcomes(
      items.map(({ documentId, position }) => completed(documentId, position)),
      batchId,
    );
    const counts = await batches.counts(batchId);
    const listed = await documents.list({ limit: 100, status: 'completed', search: 'page' });
    const outcomes = await batches.outcomes(batchId, 50_000, 500);
    const elapsed = performance.now() - started;
    console.info(`chunk of 1,000 in a batch of 100,000: ${elapsed.toFixed(0)} ms`);
    expect(saved.saved).toBe(1_000);
    expect(saved.confidence).toBeCloseTo(0.8);
    expect(counts).toEqual({ total: TOTAL, completed: 1_000, failed: 0, missing: 0 });
    expect(listed.documents).toHaveLength(100);
    expect(outcomes.every(({ status }) => status === 'completed')).toBe(true);
    // Measured 0.3 s; a statement for each document would take ten times as long.
    expect(elapsed).toBeLessThan(5_000);
  });
});
