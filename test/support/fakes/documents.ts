/** The document and batch stores in memory: what the API and the CLI read and write, without a database. */
import { Readable } from 'node:stream';
import type { BatchOutcome, DocumentView } from '../../../contracts/documents/schema.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import type {
  BatchStore,
  DocumentResult,
  DocumentStore,
  NewDocument,
  StoredDocument,
} from '../../../services/documents/port.ts';
import type { InvoiceData } from '../../../services/invoices/port.ts';
import type { PageReading } from '../../../services/ocr/port.ts';

/** A document in memory; tests set what a worker would. */
export interface MemoryDocument {
  readonly added: NewDocument;
  view: DocumentView;
  result?: DocumentResult;
  readings: PageReading[];
}

export interface MemoryDocuments extends DocumentStore {
  readonly rows: Map<string, MemoryDocument>;
  /** Puts a document that has been read. */
  putCompleted(id: string, readings: readonly PageReading[], document?: Partial<NewDocument>): void;
}

export function memoryDocuments(): MemoryDocuments {
  const rows = new Map<string, MemoryDocument>();
  const invoices = new Map<string, InvoiceData>();
  const insert = (added: NewDocument): MemoryDocument => {
    const row = rows.get(added.id) ?? { added, view: newView(added), readings: [] };
    rows.set(added.id, row);
    return row;
  };
  const unused = (name: string) => () => Promise.reject(new Error(`${name} is not part of this fake`));
  return {
    rows,
    putCompleted: (id, readings, document = {}) => {
      const row = insert({ id, name: 'scan.png', source: { kind: 'path', path: '/nowhere/scan.png' }, ...document });
      const text = readings.map((reading) => reading.text).join('\f');
      row.readings = [...readings];
      row.view = {
        ...row.view,
        status: 'completed',
        pages: readings.length,
        confidence: 0.9,
        reading: 'read',
        unread: [],
        hints: [],
        completedAt: '2026-01-01T00:00:01.000Z',
      };
      row.result = {
        text,
        confidence: 0.9,
        state: 'read',
        unread: [],
        hints: [],
        pages: readings.map(({ page, text: own, confidence, engine, state, language = null }) => ({
          page,
          text: own,
          confidence,
          engine,
          state,
          language,
        })),
      };
    },
    add: (documents) => {
      documents.forEach(insert);
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(stored(rows.get(id))),
    names: (ids) =>
      Promise.resolve(
        new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id)?.added.name ?? ''] as const] : []))),
      ),
    view: (id) => Promise.resolve(rows.get(id)?.view),
    list: ({ status, search, limit, after }) => {
      const all = [...rows.values()].filter(
        (row) =>
          (status === undefined || row.view.status === status) &&
          (search === undefined || row.result?.text.includes(search)),
      );
      const start = after === undefined ? 0 : all.findIndex((row) => row.view.id === after) + 1;
      const page = all.slice(start, start + limit).map((row) => row.view);
      return Promise.resolve({ documents: page, next: start + limit < all.length ? (page.at(-1)?.id ?? null) : null });
    },
    result: (id) => Promise.resolve(rows.get(id)?.result),
    resultAs: (id, form) => {
      const row = rows.get(id);
      if (row?.result === undefined) return Promise.resolve(undefined);
      const named = { document_id: id, name: row.added.name, ...row.result };
      return Promise.resolve(form === 'json' ? JSON.stringify(named) : row.result.text);
    },
    pagesAfter: (id, { after, limit }) => {
      const rest = (rows.get(id)?.readings ?? []).filter(({ page }) => page > after);
      const items = rest.slice(0, limit);
      return Promise.resolve({ items, next: rest.length > limit ? (items.at(-1)?.page ?? null) : null });
    },
    readings: (id) => Readable.from(rows.get(id)?.readings ?? []),
    firstPagesAsJson: unused('firstPagesAsJson'),
    textBytes: unused('textBytes'),
    begin: unused('begin'),
    pagesRead: unused('pagesRead'),
    savePage: unused('savePage'),
    saveOutcomes: unused('saveOutcomes'),
    saveInvoice: (id, data) => {
      invoices.set(id, data);
      return Promise.resolve();
    },
    invoice: (id) => Promise.resolve(invoices.get(id)),
  };
}

function newView({ id, name }: NewDocument): DocumentView {
  return {
    id,
    name,
    status: 'pending',
    mediaType: null,
    pages: null,
    confidence: null,
    reading: null,
    unread: null,
    hints: null,
    engine: null,
    fallbackReason: null,
    failure: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    completedAt: null,
  };
}

function stored(row: MemoryDocument | undefined): StoredDocument | undefined {
  if (row === undefined) return undefined;
  const { id, name, source } = row.added;
  return { id, name, source, status: row.view.status, readingKey: null, pages: row.view.pages };
}

export interface MemoryBatches extends Pick<BatchStore, 'exists' | 'counts' | 'outcomes'> {
  readonly rows: Map<string, BatchOutcome[]>;
}

export function memoryBatches(): MemoryBatches & BatchStore {
  const rows = new Map<string, BatchOutcome[]>();
  const of = (id: string, status: string) => (rows.get(id) ?? []).filter((outcome) => outcome.status === status).length;
  const fake: MemoryBatches = {
    rows,
    exists: (id) => Promise.resolve(rows.has(id)),
    counts: (id) => {
      if (!rows.has(id)) return Promise.reject(new PerennialError('InvalidInput', `no batch ${id}`));
      return Promise.resolve({
        total: rows.get(id)?.length ?? 0,
        completed: of(id, 'completed'),
        failed: of(id, 'failed'),
        missing: of(id, 'missing'),
      });
    },
    outcomes: (id, after, limit) =>
      Promise.resolve((rows.get(id) ?? []).filter(({ position }) => position > after).slice(0, limit)),
  };
  return fake as MemoryBatches & BatchStore; // the API and the CLI only read batches
}

/** The rows of batches as a look at one sees them: each has ended well. */
export function closedRows(batches: MemoryBatches): {
  closeBatch: () => Promise<undefined>;
  reopenBatch: () => Promise<void>;
  batchStatus: (id: string) => Promise<string | undefined>;
} {
  return {
    closeBatch: () => Promise.resolve(undefined),
    reopenBatch: () => Promise.resolve(),
    batchStatus: (id) => Promise.resolve(batches.rows.has(id) ? 'finished' : undefined),
  };
}

/** One page with two words, as an engine gives it. */
export function reading(page: number, text = `Page ${page}`): PageReading {
  const words = text.split(/\s+/).map((word, at) => ({
    text: word,
    confidence: 0.9,
    box: [0.1 + at * 0.2, 0.1, 0.25 + at * 0.2, 0.15] as const,
    line: 0,
  }));
  return {
    page,
    text,
    confidence: 0.9,
    width: 2480,
    height: 3508,
    rotation: 0,
    skew: 0,
    words,
    state: 'read',
    origin: 'ocr',
    engine: 'tesseract',
  };
}
