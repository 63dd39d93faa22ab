/** What was imported, as it is looked at afterwards: lists, rows and exports from a real database. */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportInput } from '../../../contracts/imports/schema.ts';
import type { ImportedRow, RowFormat } from '../../../contracts/imports/view.schema.ts';
import type { ImportQueries } from '../../../services/imports/port.ts';
import { createImportQueries } from '../../../services/imports/storing/queries.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let database: TestDatabase;
let world: ImportWorld;
let queries: ImportQueries;
beforeAll(async () => {
  database = await testDatabase();
  world = await importWorld(database.db, { rangeBytes: 2_000, batchRecords: 50 });
  queries = createImportQueries(database.db);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

/** Imports a text; returns the id of the import. */
async function imported(content: string, options: Omit<ImportInput, 'source'>): Promise<string> {
  const runId = randomUUID();
  await world.importAll({ source: await world.upload(content), ...options }, runId);
  return `import-${runId}`;
}

async function allRows(id: string, limit: number): Promise<readonly ImportedRow[]> {
  const rows: ImportedRow[] = [];
  let after: string | undefined;
  do {
    const page = await queries.rows(id, after, limit);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return rows;
}

async function textOf(content: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

const exported = async (id: string, format: RowFormat): Promise<string> =>
  textOf(await queries.export(id, format, new AbortController().signal));

const users = (prefix: string, count: number): string =>
  `id,email\n${Array.from({ length: count }, (_, n) => `${prefix}${n},${prefix}${n}@example.com\n`).join('')}`;

describe('the rows of an import', () => {
  it('IMPORT-5 come page by page, each once, and those of other imports do not', async () => {
    const other = await imported(users('a', 30), { schema: 'users' });
    const id = await imported(users('b', 205), { schema: 'users' });
    const rows = await allRows(id, 50);
    expect(rows).toHaveLength(205);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(205);
    expect(rows.every(({ key }) => key.startsWith('b'))).toBe(true);
    expect(rows.find(({ key }) => key === 'b7')).toEqual({
      line: 9,
      key: 'b7',
      values: { id: 'b7', email: 'b7@example.com', name: '', time_zone: 'UTC' },
    });
    expect(await allRows(other, 7)).toHaveLength(30);
    // A page that ends with the last row promises no further one.
    expect((await queries.rows(other, undefined, 30)).next).toBeNull();
  });

  it('a row that a later import has written anew belongs to that one', async () => {
    const first = await imported(users('c', 10), { schema: 'users' });
    const second = await imported(users('c', 4), { schema: 'users' });
    expect(await allRows(first, 100)).toHaveLength(6);
    expect(await allRows(second, 100)).toHaveLength(4);
  });

  it('of datasets come with all their columns, and not those of another dataset', async () => {
    const id = await imported('sku,,price\nx1,note,3\nx2,,4\n', { dataset: 'prices', key: 'sku' });
    await imported('sku,price\nx1,9\n', { dataset: 'other', key: 'sku' });
    expect(await allRows(id, 1)).toEqual([
      { line: 2, key: 'x1', values: { sku: 'x1', 'column 2': 'note', price: '3' } },
      { line: 3, key: 'x2', values: { sku: 'x2', price: '4' } },
    ]);
  });

  it('of lists of documents come in the order of their lines', async () => {
    const lines = Array.from({ length: 25 }, (_, n) => `/in/${n}.png,ann\n`).join('');
    const id = await imported(`path,user\n${lines}`, { schema: 'documents' });
    const rows = await allRows(id, 10);
    expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: 25 }, (_, n) => n + 2));
    expect(rows[10]?.values).toEqual({ document_id: rows[10]?.key, name: '10.png', path: '/in/10.png', user: 'ann' });
    await expect(queries.rows(id, 'no line', 10)).rejects.toMatchObject({ type: 'InvalidInput' });
    expect(await exported(id, 'csv')).toContain('10.png,/in/10.png,ann\n');
  });

  it('that are large make shorter pages, so that memory is bounded', async () => {
    const long = 'x'.repeat(700_000);
    const id = await imported(`sku,text\n${Array.from({ length: 20 }, (_, n) => `l${n},${long}\n`).join('')}`, {
      dataset: 'long',
      key: 'sku',
    });
    const { rows, next } = await queries.rows(id, undefined, 100);
    expect(rows.length).toBeLessThan(8);
    expect(next).toBe(rows.at(-1)?.key);
    expect(await allRows(id, 100)).toHaveLength(20);
  });

  it('are none for an import without a row, and for a dry run', async () => {
    expect(await queries.rows('import-nobody', undefined, 10)).toEqual({ rows: [], next: null });
    const id = await imported(users('d', 3), { schema: 'users', dryRun: true });
    expect(await queries.rows(id, undefined, 10)).toEqual({ rows: [], next: null });
    expect(await exported('import-nobody', 'csv')).toBe('');
  });
});

describe('an export', () => {
  it('IMPORT-5 holds every row, also of several pages, as CSV and as JSON lines', async () => {
    const id = await imported(users('e', 4_500), { schema: 'users' });
    const csv = (await exported(id, 'csv')).split('\n');
    expect([csv[0], csv.length, csv.at(-1)]).toEqual(['id,email,name,time_zone', 4_502, '']);
    expect(new Set(csv).size).toBe(4_502);
    const lines = (await exported(id, 'jsonl')).trimEnd().split('\n');
    expect(lines).toHaveLength(4_500);
    expect(JSON.parse(lines[0] ?? '')).toEqual((await queries.rows(id, undefined, 1)).rows[0]);
  });

  it('disarms formulas in CSV, quotes what must be, and keeps JSON as it is', async () => {
    const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\uff1d1', 'a,"b"'];
    const id = await imported(
      `sku,text\n${cells.map((cell, n) => `f${n},"${cell.replaceAll('"', '""')}"\n`).join('')}`,
      { dataset: 'formulas', key: 'sku' },
    );
    expect(await exported(id, 'csv')).toBe(
      `sku,text\nf0,'=1+1\nf1,'+1\nf2,'-1\nf3,'@SUM(A1)\nf4,'\uff1d1\nf5,"a,""b"""\n`,
    );
    const values = (await exported(id, 'jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as ImportedRow).values['text']);
    expect(values).toEqual(cells);
  });

  it('of a fixed schema has its columns in their order, with nothing where a file had nothing', async () => {
    const id = await imported('issuer,number,date,currency,total,extra\nAcme,n1,31.01.2026,eur,"1.234,50",x\n', {
      schema: 'invoices',
      dateFormat: 'DD.MM.YYYY',
      decimal: ',',
    });
    expect(await exported(id, 'csv')).toBe(
      'number,issuer,date,currency,total,lines,paid\nn1,Acme,2026-01-31,EUR,1234.50,,\n',
    );
  });

  it('ends when its reader goes away', async () => {
    const id = await imported(users('g', 10), { schema: 'users' });
    await expect(queries.export(id, 'csv', AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});

describe('the view of an import', () => {
  it('IMPORT-3 shows the options that it was given, and the columns that it ignored', async () => {
    const options = { delimiter: ';', skipLines: 1, map: { 'E-Mail': 'email' }, encoding: 'utf-8' } as const;
    const id = await imported('title\nid;E-Mail;phone\no1;o1@example.com;123\n', { schema: 'users', ...options });
    expect(await queries.view(id)).toMatchObject({
      options,
      layout: { ignored: ['phone'], header: ['id', 'email', 'phone'] },
    });
    expect((await queries.view(id))?.options).toEqual(options);
  });
});

describe('a list of imports', () => {
  it('shows those that fit every filter, newest first, page by page', async () => {
    const before = new Date().toISOString();
    const dataset = 'listed';
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift(await imported('a\n1\n', { dataset }));
    await imported(users('h', 1), { schema: 'users' });
    const page = await queries.list({ dataset }, 3);
    expect(page.imports.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    expect(page.next).toBe(ids[2]);
    const rest = await queries.list({ dataset, after: ids[2] }, 3);
    expect([rest.imports.map(({ id }) => id), rest.next]).toEqual([ids.slice(3), null]);
    const shown = async (filter: Parameters<ImportQueries['list']>[0]) => (await queries.list(filter, 100)).imports;
    expect((await shown({ since: before, schema: 'users' })).map(({ schema }) => schema)).toEqual(['users']);
    expect(await shown({ until: before, dataset })).toEqual([]);
    expect(await shown({ status: 'failed', dataset })).toEqual([]);
    expect(await shown({ status: 'finished', dataset })).toHaveLength(5);
    expect(await shown({ source: 'UPLO', dataset })).toHaveLength(5);
    expect(await shown({ source: '%', dataset })).toEqual([]);
    await expect(queries.list({ after: 'import-nobody' }, 3)).rejects.toThrow(/after: .*import-nobody/);
  });
});
