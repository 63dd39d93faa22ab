/** Documents of few bytes and very much text hold up no process that handles them. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import PDFDocument from 'pdfkit';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentActivities } from '../../../activities/documents/index.ts';
import type { DocumentPorts } from '../../../activities/documents/ports.ts';
import { MAX_TEXT_BYTES } from '../../../contracts/documents/vocabulary.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import type { DocumentStore } from '../../../services/documents/port.ts';
import { createInvoiceReader } from '../../../services/invoices/reader.ts';
import type { InvoiceReader } from '../../../services/invoices/port.ts';
import { MAX_PLACED_WORDS } from '../../../services/ocr/places.ts';
import type { OcrReader, PageReading } from '../../../services/ocr/port.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';
import { testApi } from '../../support/fakes/api.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { silentLog } from '../../support/silent-log.ts';
import { completed, KEY, newDocument, OPTIONS, readDocument, reading } from '../storage/records.ts';
import { never, request as pageRequest } from './request.ts';
import { useReaders } from './support.ts';

let test: TestDatabase;
let documents: DocumentStore;
let invoices: InvoiceReader;
beforeAll(async () => {
  test = await testDatabase();
  documents = createDocumentStore(test.db);
  invoices = createInvoiceReader();
});
afterAll(async () => {
  await invoices.close();
  await test.drop();
});

type Run = (task: string, input: unknown) => Promise<unknown>;

/** Activities over the real rows and invoices, with pages of a reader that opens no files. */
function activities(reader: Partial<OcrReader>): Run {
  const files = { confine: (file: string) => Promise.resolve(file) };
  // `as` is safe: these tasks use no other ports.
  const ports = { documents, invoices, files, reader, language: 'eng' } as unknown as DocumentPorts;
  const made = createDocumentActivities(ports, { log: () => silentLog });
  const quiet = new DefaultLogger('ERROR', () => undefined);
  return (task, input) => {
    const activity = made[task];
    if (activity === undefined) throw new TypeError(`expected a task, got ${task}`);
    return new MockActivityEnvironment(undefined, { logger: quiet }).run(activity, input);
  };
}

/** A page on which as many words stand as one may keep, each of them an amount. */
function fullPage(page: number): PageReading {
  const words = Array.from({ length: MAX_PLACED_WORDS }, (_, at) => ({
    text: '12.00',
    confidence: 1,
    box: [(at % 100) / 100, at / MAX_PLACED_WORDS, (at % 100) / 100 + 0.009, at / MAX_PLACED_WORDS + 0.004] as const,
    line: Math.floor(at / 100),
  }));
  return reading(page, { text: 'total 12.00 '.repeat(80_000), words });
}

const { reader, stored } = useReaders();

/** Reads the one page of a PDF on which a short word stands that many times. */
async function readCrowd(words: number): Promise<PageReading> {
  const pdf = new PDFDocument({ size: 'A4', margin: 0 });
  const content = buffer(pdf);
  pdf.font('Courier').fontSize(1);
  for (let line = 0; line < words / 300; line += 1)
    pdf.text('on '.repeat(300), 10, 10 + (line * 900 * 800) / (words * 3), { lineBreak: false });
  pdf.end();
  const path = await stored(`crowd-${String(words)}.pdf`, await content);
  return reader().readPage(pageRequest(path, { mediaType: 'application/pdf', forceOcr: false }), never);
}

describe('a page', () => {
  it('keeps the places of so many words, all of its text, and says so', { timeout: 60_000 }, async () => {
    const page = await readCrowd(30_000);
    expect(page.words).toHaveLength(MAX_PLACED_WORDS);
    const { length } = page.text.split(/\s+/);
    expect(length).toBeGreaterThan(MAX_PLACED_WORDS);
    expect(page.hint).toBe(
      `The page has ${String(length)} words, and the places of the first 20000 are kept. Its text is whole.`,
    );
  });

  it('that is full is stored, listed and read in turns', { timeout: 60_000 }, async () => {
    const document = newDocument();
    await documents.add([document]);
    await documents.begin(document.id, KEY, { pages: 3, mediaType: 'application/pdf' });
    const saving = await watched(async () => {
      for (const page of [0, 1, 2]) await documents.savePage(document.id, KEY, fullPage(page));
    });
    const after = { after: -1, limit: 100 };
    const listing = await watched(() => documents.pagesAfter(document.id, { ...after, words: true }));
    expect(listing.value).toMatchObject({ items: [{ page: 0 }], next: 0 });
    expect(await documents.pagesAfter(document.id, { after: 1, limit: 100, words: true })).toMatchObject({
      items: [{ page: 2 }],
      next: null,
    });
    const texts = await documents.pagesAfter(document.id, { ...after, words: false });
    expect(texts.items.map(({ page, words }) => [page, words.length])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(texts.next).toBe(1);
    const all = await watched(() => Readable.from(documents.readings(document.id)).toArray());
    expect(all.value).toMatchObject([{ page: 0 }, { page: 1 }, { page: 2 }]);
    for (const { longestMs } of [saving, listing, all]) expect(longestMs).toBeLessThan(MOST_DELAY_MS);
  });
});

describe('an invoice', () => {
  it('is searched for in a thread', { timeout: 120_000 }, async () => {
    const id = await readDocument(documents, [fullPage(0)]);
    await documents.saveOutcomes([completed(id)], undefined);
    const run = activities({});
    const found = await watched(() => run('documents.extractInvoice', { documentId: id }));
    expect(found.value).toMatchObject({ status: 'success', document_id: id });
    expect(found.longestMs).toBeLessThan(MOST_DELAY_MS);
  });

  it('that takes too long ends with a clear failure, and the next is read', async () => {
    const impatient = createInvoiceReader({ workMs: 5 });
    try {
      const pages = [JSON.stringify(fullPage(0))];
      await expect(impatient.read(pages, never)).rejects.toMatchObject({
        type: 'UnreadableInvoice',
        message: expect.stringContaining('Split the document') as string,
      });
    } finally {
      await impatient.close();
    }
    expect(await invoices.read([JSON.stringify(reading(0))], never)).toEqual({ lines: [] });
  });
});

describe('a text', () => {
  it('of many megabytes is handed out in turns, as JSON and as text', { timeout: 60_000 }, async () => {
    const line = 'Grüße 𝄞 und "Zeichen" ';
    const pages = Array.from({ length: 20 }, (_, page) =>
      reading(page, { text: line.repeat((MAX_TEXT_BYTES - 1_000) / 20 / Buffer.byteLength(line)), words: [] }),
    );
    const id = await readDocument(documents, pages);
    await documents.saveOutcomes([completed(id)], undefined);
    const { app } = testApi({}, {}, { documents });
    const asked = await watched(() => request(app).get(`/v1/documents/${id}/result?format=text`).expect(200));
    expect(asked.value.text).toBe(pages.map(({ text }) => text).join('\f'));
    const json = await watched(() => documents.resultAs(id, 'json'));
    expect(JSON.parse(json.value ?? '')).toMatchObject({ document_id: id, name: 'letter.pdf', pages: { length: 20 } });
    expect(Math.max(asked.longestMs, json.longestMs)).toBeLessThan(MOST_DELAY_MS);
  });

  it('longer than a process can hand out fails the document, and says how long it was', async () => {
    const text = 'x'.repeat(MAX_TEXT_BYTES / 16);
    const run = activities({
      concurrency: 4,
      inspect: () => Promise.resolve({ mediaType: 'application/pdf', pages: 40 }),
      readPage: ({ page }) => Promise.resolve(reading(page, { text, words: [] })),
    });
    const document = newDocument();
    await documents.add([document]);
    const read = (firstPage: number, maxPages: number) =>
      run('documents.readDocument', { documentId: document.id, options: OPTIONS, firstPage, maxPages });
    expect(await read(0, 16)).toMatchObject({ read: 16 });
    await expect(read(16, 1)).rejects.toMatchObject({
      type: 'DocumentTooLarge',
      message: 'document: expected at most 16 MB of text, got 17.0 MB so far. Split the document.',
    });
  });
});
