import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import type { DocumentStore } from '../../../services/documents/port.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { completed, failed, KEY, newDocument, readDocument, reading, released } from './records.ts';

let test: TestDatabase;
let documents: DocumentStore;

beforeAll(async () => {
  test = await testDatabase();
  documents = createDocumentStore(test.db);
});
afterAll(() => test.drop());

async function row(id: string): Promise<Record<string, unknown>> {
  const { rows } = await test.db.query<Record<string, unknown>>('select *, xmin::text from documents where id = $1', [
    id,
  ]);
  return rows[0] ?? {};
}

describe('OCR-1 documents and their states', () => {
  it('OCR-1 has every column of the model', async () => {
    const { rows } = await test.db.query<{ name: string; type: string }>(
      `select column_name as name, data_type as type from information_schema.columns where table_name = 'documents'`,
    );
    const types = Object.fromEntries(rows.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({
      id: 'uuid',
      user_id: 'text',
      file_path: 'text',
      status: 'text',
      ocr_result: 'jsonb',
      ocr_confidence: 'double precision',
      extracted_data: 'jsonb',
      error_type: 'text',
      error_message: 'text',
      created_at: 'timestamp with time zone',
      processing_started_at: 'timestamp with time zone',
      processing_completed_at: 'timestamp with time zone',
    });
  });

  it('OCR-1 goes from pending over processing to completed, with the times of both changes', async () => {
    const document = newDocument({ userId: 'anna' });
    await documents.add([document]);
    expect(await documents.view(document.id)).toMatchObject({
      status: 'pending',
      startedAt: null,
      completedAt: null,
      name: 'letter.pdf',
    });
    await documents.begin(document.id, KEY, { pages: 1, mediaType: 'image/png' });
    const begun = await documents.view(document.id);
    expect(begun).toMatchObject({ status: 'processing', mediaType: 'image/png', pages: 1, completedAt: null });
    await documents.savePage(document.id, KEY, reading(0));
    await documents.saveOutcomes([completed(document.id)], undefined);
    const done = await documents.view(document.id);
    expect(done).toMatchObject({
      status: 'completed',
      confidence: 0.9,
      engine: 'tesseract',
      failure: null,
      startedAt: begun?.startedAt,
    });
    expect(Date.parse(done?.completedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(begun?.startedAt ?? ''));
    expect((await row(document.id))['user_id']).toBe('anna');
  });

  it('OCR-1 goes to failed with type and message, and back to processing when it is read again', async () => {
    const id = await readDocument(documents, [reading(0)]);
    await documents.saveOutcomes([failed(id)], undefined);
    expect(await documents.view(id)).toMatchObject({
      status: 'failed',
      failure: { type: 'CorruptDocument', class: 'permanent', message: 'damaged' },
    });
    await documents.begin(id, KEY, { pages: 1, mediaType: 'application/pdf' });
    expect(await documents.view(id)).toMatchObject({ status: 'processing', failure: null, completedAt: null });
    expect(await documents.pagesRead(id, KEY)).toEqual([0]);
  });

  it('OCR-1 refuses a state that is none', async () => {
    const document = newDocument();
    await documents.add([document]);
    await expect(
      test.db.query(`update documents set status = 'lost' where id = $1`, [document.id]),
    ).rejects.toMatchObject({ type: 'DatabaseRejected' });
  });

  it('keeps a blob as the source', async () => {
    const ref = { store: 'file', key: 'uploads/ab/cd', size: 3, sha256: 'a'.repeat(64) } as const;
    const document = newDocument({ source: { kind: 'blob', ref } });
    await documents.add([document]);
    expect(await documents.find(document.id)).toEqual({
      id: document.id,
      name: 'letter.pdf',
      source: { kind: 'blob', ref },
      status: 'pending',
      readingKey: null,
      pages: null,
    });
  });

  it('OCR-8 names the documents that exist, whatever else is asked for', async () => {
    const document = newDocument();
    await documents.add([document]);
    const upper = document.id.toUpperCase();
    const names = await documents.names([upper, randomUUID(), 'no-uuid', '']);
    expect([...names]).toEqual([[upper, 'letter.pdf']]);
    expect(await documents.find('no-uuid')).toBeUndefined();
    expect(await documents.view('no-uuid')).toBeUndefined();
    expect(await documents.result(randomUUID())).toBeUndefined();
  });

  it('tells when a document does not exist', async () => {
    for (const id of [randomUUID(), 'no-uuid']) {
      const missing = { type: 'DocumentNotFound' };
      await expect(documents.begin(id, KEY, { pages: 1, mediaType: 'image/png' })).rejects.toMatchObject(missing);
      await expect(documents.savePage(id, KEY, reading(0))).rejects.toMatchObject(missing);
      await expect(documents.saveInvoice(id, { lines: [] })).rejects.toMatchObject(missing);
    }
  });
});

describe('pages', () => {
  it('gives back what was saved', async () => {
    const pages = [
      reading(0),
      reading(1, { engine: 'tesseract', fallbackReason: 'deepseek is away', rotation: 90, skew: 1.5 }),
    ];
    const id = await readDocument(documents, pages);
    expect(await Readable.from(documents.readings(id)).toArray()).toEqual(pages);
    expect(await documents.pagesRead(id, KEY)).toEqual([0, 1]);
    expect(await documents.pagesRead(id, 'other')).toEqual([]);
  });

  it('stores text that PostgreSQL would refuse: NUL characters and halves of surrogate pairs', async () => {
    const odd = 'a\u0000b\ud800c';
    const id = await readDocument(documents, [
      reading(0, { text: odd, words: [{ text: odd, confidence: 1, box: [0, 0, 1, 1], line: 0 }] }),
    ]);
    await documents.saveOutcomes([completed(id)], undefined);
    expect((await documents.result(id))?.text).toBe('ab\ufffdc');
    expect(await Readable.from(documents.readings(id)).toArray()).toMatchObject([{ words: [{ text: 'ab\ufffdc' }] }]);
    await documents.add([newDocument({ name: 'x\u0000y' })]);
    await documents.saveOutcomes([failed(await readDocument(documents, [reading(0)]), 0, 'bad\u0000name')], undefined);
  });

  it('stores a page whose search index would be too large', async () => {
    const many = Array.from(
      { length: 40_000 },
      (_, n) => `${String.fromCodePoint(0x20000 + n)}-${String.fromCodePoint(0x2a000 - n)}x`,
    ).join(' ');
    const id = await readDocument(documents, [
      reading(0, { text: many }),
      reading(1, { text: 'word '.repeat(300_000) }),
    ]);
    expect(await documents.pagesRead(id, KEY)).toEqual([0, 1]);
  });

  it('drops pages of another key, and pages of an attempt that was overtaken', async () => {
    const id = await readDocument(documents, [reading(0), reading(1)]);
    await documents.begin(id, 'tesseract/deu', { pages: 2, mediaType: 'application/pdf' });
    expect(await documents.pagesRead(id, KEY)).toEqual([]);
    await documents.savePage(id, KEY, reading(0));
    expect(await documents.pagesRead(id, KEY)).toEqual([]);
    await documents.savePage(id, 'tesseract/deu', reading(0));
    expect(await documents.saveOutcomes([completed(id)], undefined)).toEqual({ saved: 0, confidence: 0 });
    expect(await documents.view(id)).toMatchObject({ status: 'processing' });
  });
});

describe('OCR-10 saving outcomes', () => {
  it('OCR-10 sets ocr_result and completed together, from all pages', async () => {
    const hints = [{ page: 0, text: 'looks German' }];
    const id = await readDocument(documents, [
      reading(0, { confidence: 0.5, text: 'first', language: 'eng', hint: 'looks German' }),
      reading(1, { confidence: 1, text: 'second', engine: 'text-layer', fallbackReason: 'has text' }),
    ]);
    expect(await documents.saveOutcomes([completed(id)], undefined)).toEqual({ saved: 1, confidence: 0.75 });
    expect(await documents.result(id)).toEqual({
      text: 'first\fsecond',
      confidence: 0.75,
      state: 'read',
      unread: [],
      hints,
      pages: [
        { page: 0, text: 'first', confidence: 0.5, engine: 'tesseract', state: 'read', language: 'eng' },
        { page: 1, text: 'second', confidence: 1, engine: 'text-layer', state: 'read', language: null },
      ],
    });
    expect((await documents.view(id))?.hints).toEqual(hints);
    expect(await documents.view(id)).toMatchObject({ engine: 'tesseract+text-layer', fallbackReason: 'has text' });
  });

  it('OCR-7 counts rows, not options: unknown and failed documents are not saved', async () => {
    const id = await readDocument(documents, [reading(0, { confidence: 0 })]);
    const bad = await readDocument(documents, [reading(0)]);
    expect(
      await documents.saveOutcomes([completed(id), completed(randomUUID(), 1), failed(bad, 2)], undefined),
    ).toEqual({ saved: 1, confidence: 0 });
    expect(await documents.saveOutcomes([], undefined)).toEqual({ saved: 0, confidence: 0 });
  });

  it('never turns a completed document into a failed or pending one', async () => {
    const id = await readDocument(documents, [reading(0)]);
    await documents.saveOutcomes([completed(id)], undefined);
    const before = await row(id);
    await documents.saveOutcomes([failed(id)], undefined);
    await documents.saveOutcomes([released(id)], undefined);
    expect(await row(id)).toEqual(before);
  });

  it('puts a released document back to pending and keeps its pages', async () => {
    const id = await readDocument(documents, [reading(0), reading(1)]);
    await documents.saveOutcomes([released(id)], undefined);
    expect(await documents.view(id)).toMatchObject({ status: 'pending', startedAt: null });
    expect(await documents.pagesRead(id, KEY)).toEqual([0, 1]);
  });

  it('takes the outcome of a document that was failed before', async () => {
    const id = await readDocument(documents, [reading(0)]);
    await documents.saveOutcomes([failed(id)], undefined);
    expect(await documents.saveOutcomes([completed(id)], undefined)).toEqual({ saved: 1, confidence: 0.9 });
    expect(await documents.view(id)).toMatchObject({ status: 'completed', failure: null });
  });

  it('OCR-11 leaves nothing behind when one part of it fails', async () => {
    const id = await readDocument(documents, [reading(0)]);
    const bad = await readDocument(documents, [reading(0)]);
    await test.db.query(
      `alter table documents add constraint temporary_refusal check (error_message is distinct from 'refused') not valid`,
    );
    await expect(documents.saveOutcomes([completed(id), failed(bad, 1, 'refused')], undefined)).rejects.toMatchObject({
      type: 'DatabaseRejected',
    });
    await test.db.query('alter table documents drop constraint temporary_refusal');
    expect(await documents.view(id)).toMatchObject({ status: 'processing' });
    expect(await documents.view(bad)).toMatchObject({ status: 'processing' });
    await test.db.check();
  });

  it('does not deadlock when two batches share documents in different order', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => readDocument(documents, [reading(0)])));
    const forward = ids.map((id, position) => completed(id, position));
    const results = await Promise.all(
      [forward, forward.toReversed(), forward, forward.toReversed()].map((outcomes) =>
        documents.saveOutcomes(outcomes, undefined),
      ),
    );
    expect(results.map(({ saved }) => saved)).toEqual([40, 40, 40, 40]);
  });
});

describe('IDEM-4 every write may be repeated', () => {
  it('IDEM-4 add, begin, savePage, saveOutcomes and saveInvoice change nothing the second time', async () => {
    const document = newDocument();
    const other = await readDocument(documents, [reading(0)]);
    const steps: readonly (() => Promise<unknown>)[] = [
      () => documents.add([document, document]),
      () => documents.begin(document.id, KEY, { pages: 1, mediaType: 'image/png' }),
      () => documents.savePage(document.id, KEY, reading(0)),
      () => documents.saveOutcomes([completed(document.id), failed(other, 1)], undefined),
      () => documents.saveInvoice(document.id, { lines: [] }),
    ];
    for (const step of steps) {
      const first = await step();
      const state = await Promise.all([
        row(document.id),
        row(other),
        Readable.from(documents.readings(document.id)).toArray(),
      ]);
      expect(await step()).toEqual(first);
      const again = await Promise.all([
        row(document.id),
        row(other),
        Readable.from(documents.readings(document.id)).toArray(),
      ]);
      // saveInvoice writes the same value into a new version of the row.
      for (const part of [...state, ...again]) Reflect.deleteProperty(part, 'xmin');
      expect(again).toEqual(state);
    }
    expect(await row(document.id)).toMatchObject({ extracted_data: { lines: [] } });
  });

  it('IDEM-4 begin leaves a completed document alone and forgets its result only for another key', async () => {
    const id = await readDocument(documents, [reading(0)]);
    await documents.saveOutcomes([completed(id)], undefined);
    const before = await row(id);
    await documents.begin(id, KEY, { pages: 1, mediaType: 'application/pdf' });
    expect(await row(id)).toEqual(before);
    await documents.begin(id, 'deepseek/eng', { pages: 1, mediaType: 'application/pdf' });
    expect(await documents.view(id)).toMatchObject({ status: 'processing', confidence: null });
    expect(await documents.result(id)).toBeUndefined();
  });
});
