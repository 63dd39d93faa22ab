/** The figures of reports and the rows of exports, from a real database. */
import { buffer, text } from 'node:stream/consumers';
import readXlsxFile from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../../contracts/reports/vocabulary.ts';
import type { Analytics } from '../../../contracts/reports/schema.ts';
import { createAnalyticsStore } from '../../../services/reports/analytics.ts';
import { createRowExporter } from '../../../services/reports/exports.ts';
import { periodCalendar } from '../../../services/reports/period.ts';
import type { AnalyticsStore, RowExporter } from '../../../services/reports/port.ts';
import { createReportRenderer } from '../../../services/reports/renderer.ts';
import { createUserStore } from '../../../services/users/postgres.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { partOf } from '../../support/files/unzip.ts';
import { addDocuments, type DocumentRow } from '../../support/reports/rows.ts';

const renderer = createReportRenderer();
let test: TestDatabase;
let analytics: AnalyticsStore;
let exporter: RowExporter;

beforeAll(async () => {
  test = await testDatabase();
  analytics = createAnalyticsStore(test.db);
  exporter = createRowExporter(test.db, renderer);
  await createUserStore(test.db).put([
    { id: 'ann', email: 'ann@example.com', name: 'Ann Example', timeZone: 'Europe/Berlin' },
    { id: 'bob', email: 'bob@example.com', name: 'Bob Beispiel' },
  ]);
});
afterAll(async () => {
  await renderer.close();
  await test.drop();
});

async function fresh(documents: readonly DocumentRow[]): Promise<void> {
  await test.db.query('truncate documents cascade');
  await addDocuments(test.db, documents);
}

async function figuresOf(
  start: string,
  end: string,
  zone: string,
  userId: string | null = null,
): Promise<Omit<Analytics, 'details'>> {
  return (await analytics.figures(periodCalendar.range(start, end, zone), userId)).analytics;
}

describe('P3-48 rows at the edges of a period', () => {
  it.each([
    // the day on which clocks go forward: 23 hours
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    // the day on which clocks go back: 25 hours
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z'],
    ['Asia/Kathmandu', '2026-06-15', '2026-06-14T18:15:00Z', '2026-06-15T18:15:00Z'],
  ])(
    '%s %s counts the first and the last microsecond, and not the ones beside them',
    async (zone, day, from, until) => {
      await fresh([
        { createdAt: from, name: 'first' },
        { createdAt: until, name: 'next day' },
      ]);
      await test.db.query(
        `insert into documents (id, name, file_path, created_at)
       select gen_random_uuid(), n, '/nowhere', t from (values
         ('last', $2::timestamptz - interval '1 microsecond'), ('day before', $1::timestamptz - interval '1 microsecond')) v (n, t)`,
        [from, until],
      );
      const figures = await figuresOf(day, day, zone);
      expect(figures.documents).toBe(2);
      const counted = figures.buckets.map(({ completed, open }) => [completed, open]);
      expect(counted.at(0)).toEqual([1, 0]);
      expect(counted.at(-1)).toEqual([0, 1]);
      expect(figures.buckets).toHaveLength((Date.parse(until) - Date.parse(from)) / 3_600_000);
    },
  );
});

describe('the figures of a period', () => {
  it('REPORT-7 users, documents and what has been read, and every part adds up to the whole', async () => {
    const documents = Array.from({ length: 500 }, (_, n): DocumentRow => ({
      createdAt: new Date(Date.UTC(2026, 9, 1) + n * 5_000_000).toISOString(),
      userId: n % 7 === 0 ? null : `user-${n % 5}`,
      status: n % 11 === 0 ? 'failed' : n % 13 === 0 ? 'pending' : 'completed',
      pages: (n % 4) + 1,
      confidence: (n % 101) / 100,
      engine: n % 3 === 0 ? 'deepseek' : 'tesseract',
      failure: n % 2 === 0 ? 'CorruptDocument' : 'EncryptedDocument',
    }));
    await fresh(documents);
    const figures = await figuresOf('2026-10-01', '2026-10-31', 'UTC');
    const inside = documents.filter(({ createdAt }) => createdAt < '2026-11-01');
    const of = (status: string): DocumentRow[] => inside.filter((document) => document.status === status);
    expect(figures).toMatchObject({
      documents: inside.length,
      users: 5,
      ocr_processed: of('completed').length,
      failed: of('failed').length,
      open: of('pending').length,
      pages: of('completed').reduce((sum, { pages = 0 }) => sum + pages, 0),
      unit: 'day',
      processingSeconds: 2,
    });
    expect(figures.success_rate).toBeCloseTo((of('completed').length / inside.length) * 100, 10);
    const mean = of('completed').reduce((sum, { confidence = 0 }) => sum + confidence, 0) / of('completed').length;
    expect(figures.confidence).toBeCloseTo(mean, 10);
    const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
    expect(sum(figures.buckets.map(({ completed, failed, open }) => completed + failed + open))).toBe(inside.length);
    expect(sum(figures.confidences)).toBe(of('completed').length);
    expect(figures.confidences[9]).toBe(of('completed').filter(({ confidence = 0 }) => confidence >= 0.9).length);
    expect(sum(figures.engines.map((engine) => engine.documents))).toBe(of('completed').length);
    expect(sum(figures.failures.map((failure) => failure.documents))).toBe(of('failed').length);
    for (const { label, completed } of figures.buckets)
      expect(completed).toBe(of('completed').filter(({ createdAt }) => createdAt.startsWith(label)).length);
  });

  it('REPORT-2 an empty period has a rate of 0 and no means', async () => {
    await fresh([]);
    expect(await figuresOf('2026-10-01', '2026-10-01', 'UTC')).toMatchObject({
      documents: 0,
      users: 0,
      success_rate: 0,
      confidence: null,
      processingSeconds: null,
      engines: [],
    });
  });

  it('SEC-3 the figures of a user hold nothing of another', async () => {
    await fresh([
      { createdAt: '2026-10-02T10:00:00Z', userId: 'ann', name: 'of ann.png' },
      { createdAt: '2026-10-02T11:00:00Z', userId: 'ann', name: 'also of ann.png', status: 'pending' },
      { createdAt: '2026-10-02T12:00:00Z', userId: 'bob', name: 'of bob.png', status: 'failed', pages: 99 },
      { createdAt: '2026-10-02T12:00:00Z', userId: null, name: 'of nobody.png', pages: 99 },
    ]);
    const period = periodCalendar.range('2026-10-01', '2026-10-31', 'Europe/Berlin');
    const { analytics: figures, details } = await analytics.figures(period, 'ann');
    expect(figures).toMatchObject({
      documents: 2,
      ocr_processed: 1,
      failed: 0,
      open: 1,
      pages: 1,
      users: 1,
      failures: [],
    });
    expect(details).toEqual({
      preparedFor: 'Ann Example',
      users: [],
      documents: [
        { name: 'also of ann.png', status: 'pending', pages: 1, confidence: null, created: '2026-10-02 13:00' },
        { name: 'of ann.png', status: 'completed', pages: 1, confidence: 0.9, created: '2026-10-02 12:00' },
      ],
      failures: [],
    });
    expect((await analytics.figures(period, 'bob')).details.failures).toEqual([
      { name: 'of bob.png', type: 'CorruptDocument', created: '2026-10-02 14:00' },
    ]);
  });

  it('knows users by their row or by their documents, and nobody else', async () => {
    await fresh([{ createdAt: '2026-10-02T10:00:00Z', userId: 'carl' }]);
    expect(await analytics.findUser('ann')).toMatchObject({ email: 'ann@example.com', timeZone: 'Europe/Berlin' });
    expect(await analytics.findUser('carl')).toEqual({ id: 'carl', name: '', email: null, timeZone: null });
    expect(await analytics.findUser('dora')).toBeUndefined();
    expect(await analytics.findUser("' or 1=1 --")).toBeUndefined();
  });
});

describe('REPORT-12 exports', () => {
  const period = periodCalendar.range('2026-10-01', '2026-10-31', 'UTC');
  const signal = new AbortController().signal;
  const open = (format: ExportFormat, userId: string | null): ReturnType<RowExporter['open']> =>
    exporter.open(period, userId, format, signal);

  const hostile = ['=cmd|/c calc!A1', '+1+1', '-2+3', '@SUM(A1)', '\t=1', 'plain, with "quotes"\nand a line'];

  it('SEC-3 REPORT-12 CSV holds the rows of its user and period only, oldest first', async () => {
    await fresh([
      { createdAt: '2026-10-03T10:00:00Z', userId: 'ann', name: 'second.png' },
      { createdAt: '2026-10-02T10:00:00Z', userId: 'ann', name: 'first.png', status: 'failed' },
      { createdAt: '2026-10-02T10:00:00Z', userId: 'bob', name: 'of bob.png' },
      { createdAt: '2026-11-01T00:00:00Z', userId: 'ann', name: 'too late.png' },
      { createdAt: '2026-09-30T23:59:59Z', userId: 'ann', name: 'too early.png' },
    ]);
    const file = await open('csv', 'ann');
    const lines = (await text(file.content)).trimEnd().split('\r\n');
    expect(file.rows()).toBe(2);
    expect(lines[0]).toBe(
      'document_id,user_id,name,status,media_type,pages,confidence,engine,created_at,completed_at,failure',
    );
    expect(lines[1]).toMatch(/,ann,first.png,failed,,1,,,2026-10-02T10:00:00\.000000Z,[^,]+,CorruptDocument$/);
    expect(lines[2]).toMatch(/,ann,second.png,completed,,1,0\.9,tesseract,/);
    expect(lines).toHaveLength(3);
  });

  it('REPORT-11 an export for the administrator holds the rows of everybody', async () => {
    const file = await open('json', null);
    const rows = JSON.parse(await text(file.content)) as { name: string; user_id: string }[];
    expect(rows.map(({ name }) => name).sort()).toEqual(['first.png', 'of bob.png', 'second.png']);
  });

  it('cells that begin like a formula are text in CSV and in XLSX', async () => {
    await fresh(hostile.map((name, n) => ({ createdAt: `2026-10-02T10:00:0${n}Z`, userId: 'ann', name })));
    const csv = await text((await open('csv', 'ann')).content);
    for (const name of hostile.slice(0, 5)) expect(csv).toContain(`'${name}`);
    expect(csv).toContain('"plain, with ""quotes""\nand a line"');
    expect(csv).not.toMatch(/,"?[=+@\t]/);

    const xlsx = await buffer((await open('xlsx', 'ann')).content);
    const [sheet] = await readXlsxFile(xlsx);
    // the reader trims
    expect(sheet?.data.slice(1).map((row) => row[2])).toEqual(hostile.map((name) => name.trim()));
    const xml = await partOf(xlsx, 'xl/worksheets/sheet1.xml');
    expect(xml).toContain('<sheetData>');
    expect(xml).not.toContain('<f>');
  });

  it('JSON of nothing is an empty list, and XLSX and CSV of nothing have a head', async () => {
    await fresh([]);
    expect(JSON.parse(await text((await open('json', 'ann')).content))).toEqual([]);
    expect((await text((await open('csv', 'ann')).content)).split('\r\n')).toHaveLength(2);
    const [sheet] = await readXlsxFile(await buffer((await open('xlsx', 'ann')).content));
    expect(sheet?.data).toHaveLength(1);
  });

  it('control characters in names make no file unreadable', async () => {
    await fresh([{ createdAt: '2026-10-02T10:00:00Z', userId: 'ann', name: 'bell\u0007 & <tag>' }]);
    const [sheet] = await readXlsxFile(await buffer((await open('xlsx', 'ann')).content));
    expect(sheet?.data[1]?.[2]).toBe('bell & <tag>');
  });

  it('every row comes once, also where many share one instant and slices end among them', async () => {
    await fresh([]);
    await test.db.query(
      `insert into documents (id, user_id, name, file_path, created_at)
       select gen_random_uuid(), 'ann', 'scan ' || n, '/nowhere', '2026-10-05T00:00:00.123456Z'::timestamptz + (n / 3000) * interval '1 microsecond'
       from generate_series(1, 7000) n`,
    );
    const file = await open('json', 'ann');
    const rows = JSON.parse(await text(file.content)) as { name: string }[];
    expect(rows).toHaveLength(7_000);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(7_000);
    expect(file.rows()).toBe(7_000);
  });

  it('more rows than an XLSX file is made for are refused, naming what to do', async () => {
    await test.db.query(
      `insert into documents (id, user_id, name, file_path, created_at)
       select gen_random_uuid(), 'ann', 'scan', '/nowhere', '2026-10-06T00:00:00Z' from generate_series(1, 43001)`,
    );
    await expect(open('xlsx', 'ann')).rejects.toMatchObject({
      type: 'ExportTooLarge',
      message: expect.stringContaining('expected at most 50000 rows') as string,
    });
  });

  it('a database that goes away while rows are read is told to whoever reads the file', async () => {
    const other = await testDatabase({ patienceMs: 0 });
    const source = await createRowExporter(other.db, renderer).open(period, 'ann', 'csv', signal);
    await other.drop();
    await expect(text(source.content)).rejects.toMatchObject({ type: 'DatabaseUnavailable' });
  });
});
