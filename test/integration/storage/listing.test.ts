import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import type { DocumentQuery, DocumentStore } from '../../../services/documents/port.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { completed, newDocument, readDocument, reading } from './records.ts';

let test: TestDatabase;
let documents: DocumentStore;

beforeAll(async () => {
  test = await testDatabase();
  documents = createDocumentStore(test.db);
});
afterAll(() => test.drop());

async function walk(query: Omit<DocumentQuery, 'after'>): Promise<string[]> {
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page = await documents.list({ ...query, ...(after === null ? {} : { after }) });
    expect(page.documents.length).toBeLessThanOrEqual(query.limit);
    seen.push(...page.documents.map(({ id }) => id));
    after = page.next;
  } while (after !== null);
  return seen;
}

describe('listing documents', () => {
  it('shows each document once, newest first, also when all came at the same instant', async () => {
    const old = Array.from({ length: 23 }, () => newDocument());
    await documents.add(old);
    const young = newDocument();
    await documents.add([young]);
    const seen = await walk({ limit: 5 });
    expect(seen[0]).toBe(young.id);
    expect(seen.slice(1).sort()).toEqual(old.map(({ id }) => id).sort());
    expect(await walk({ limit: 24 })).toEqual(seen);
  });

  it('filters by status and by words of the text', async () => {
    const wanted = await readDocument(documents, [
      reading(0, { text: 'Rechnung Nummer 4711' }),
      reading(1, { text: 'Gesamt 12,50' }),
    ]);
    await documents.saveOutcomes([completed(wanted)], undefined);
    const other = await readDocument(documents, [reading(0, { text: 'Rechnung ohne Nummer' })]);
    expect(await walk({ limit: 10, search: 'rechnung 4711' })).toEqual([wanted]);
    expect((await walk({ limit: 1, search: 'RECHNUNG' })).sort()).toEqual([wanted, other].sort());
    expect(await walk({ limit: 10, search: 'rechnung -4711' })).toEqual([other]);
    expect(await walk({ limit: 10, search: 'rechnung', status: 'completed' })).toEqual([wanted]);
    expect(await walk({ limit: 10, status: 'processing' })).toEqual([other]);
    expect(await walk({ limit: 10, search: `'); drop table documents; --` })).toEqual([]);
  });

  it('refuses an `after` that is none', async () => {
    await expect(documents.list({ limit: 5, after: 'x' })).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});
