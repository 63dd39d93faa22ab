import { parquetReadObjects } from 'hyparquet';
import { readSheet } from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import type { CleanOutput, ExportInput, ExportOutput } from '../../../contracts/data/schema.ts';
import { dataTests } from '../../support/data.ts';

const data = dataTests();

const ORDERS = `number;total;due;note
1; 1.234,50;31.01.2026;n/a
2;12,00;01.02.2026;"a ""quoted"", note"
;;;
2;12,00;01.02.2026;"a ""quoted"", note"
3;9,90;28.02.2026;=1+1
4;only three
`;

const MENDED = `number,total,due,note
1,1234.50,2026-01-31,
2,12.00,2026-02-01,"a ""quoted"", note"
3,9.90,2026-02-28,=1+1
4,only three
`;

const run = <T>(task: string, input: object, tenant?: string) =>
  data.run(`data.${task}`, { userId: 'ada', ...input }, 1, undefined, { tenant }) as Promise<T>; // its schema says so
const clean = (input: object) => run<CleanOutput>('clean', input);
let serial = 0;
const write = (input: Partial<ExportInput> & { fileId: string }) =>
  run<ExportOutput>('export', { format: 'jsonl', exportId: `export-${String((serial += 1))}`, ...input });

/** What stands in a file now, as text. */
async function table(fileId: string): Promise<string> {
  const { profiled } = await data.ports.files.get({ fileId, userId: 'ada', tenant: undefined });
  const [part] = profiled?.current.file.parts ?? [];
  if (part === undefined) throw new TypeError('expected a table in one part');
  return data.text(part);
}

describe('data.clean', () => {
  it('applies what the report suggests, keeps what was uploaded, and lists each change', async () => {
    await data.profile(ORDERS, { fileId: 'c1' });
    const done = await clean({ fileId: 'c1', cleaningId: 'k1' });
    expect(done).toMatchObject({ status: 'cleaned', rows: 4, changed_cells: 9, removed_rows: 2 });
    expect(await table('c1')).toBe(MENDED);
    const changes = (await data.text(done.changes))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(changes).toContainEqual({ line: 2, column: 'total', before: ' 1.234,50', after: '1234.50' });
    expect(changes).toContainEqual({ line: 4, removed: 'emptyRows', row: ['', '', '', ''] });
    expect(changes).toContainEqual(expect.objectContaining({ line: 5, removed: 'duplicateRows' }));
    const { original } = await data.ports.files.get({ fileId: 'c1', userId: 'ada', tenant: undefined });
    expect(await data.text(original)).toBe(ORDERS);
  });

  it('the same id is the same cleaning, and changes nothing again', async () => {
    await data.profile(ORDERS, { fileId: 'c2' });
    const first = await clean({ fileId: 'c2', cleaningId: 'k2' });
    await expect(clean({ fileId: 'c2', cleaningId: 'k2' })).resolves.toEqual(first);
    const { rows } = await data.test.db.query(`select from data_cleanings where file_id = 'c2'`);
    expect(rows).toHaveLength(1);
    const other = clean({ fileId: 'c2', cleaningId: 'k2', fixes: ['trim:2'] });
    await expect(other).rejects.toMatchObject({ type: 'DataFileTaken' });
  });

  it('is undone to the byte, the last one first, and undoing it twice is undoing it once', async () => {
    await data.profile(ORDERS, { fileId: 'c3' });
    await clean({ fileId: 'c3', cleaningId: 'k3', fixes: ['number:2'] });
    const between = await table('c3');
    await clean({ fileId: 'c3', cleaningId: 'k4', fixes: ['date:3', 'emptyRows'] });
    const undo = (cleaningId: string) => run('undoClean', { fileId: 'c3', cleaningId });
    await expect(undo('k3')).rejects.toMatchObject({ type: 'DataFileChanged', nonRetryable: true });
    await undo('k4');
    expect(await table('c3')).toBe(between);
    await undo('k3');
    await undo('k3');
    expect(await table('c3')).toBe(ORDERS);
    const again = await clean({ fileId: 'c3', cleaningId: 'k5' });
    expect(again.rows).toBe(4);
  });

  it('a report of somebody else, a fix that nobody suggested and a file that was not read are refused', async () => {
    await data.profile(ORDERS, { fileId: 'c4' });
    const refused = (input: object, type: string, tenant?: string) =>
      expect(run('clean', { fileId: 'c4', ...input }, tenant)).rejects.toMatchObject({ type, nonRetryable: true });
    await refused({ userId: 'bob' }, 'DataFileMissing');
    await refused({}, 'DataFileMissing', 'acme');
    await refused({ fileId: 'none' }, 'DataFileMissing');
    await refused({ fixes: ['trim:99'] }, 'InvalidInput');
    await refused({ fixes: [] }, 'InvalidInput');
    await refused({ fileId: '../../etc' }, 'InvalidInput');
    const file = await data.upload('a\n1\n');
    await data.ports.files.open({ fileId: 'c5', userId: 'ada', tenant: undefined, original: file, options: {} });
    await refused({ fileId: 'c5' }, 'DataFileUnread');
    await expect(run('undoClean', { fileId: 'c4', cleaningId: 'k1' })).rejects.toMatchObject({
      type: 'DataFileMissing',
    });
  });
});

const HOSTILE = 'name,2024,__proto__\n=HYPERLINK("http://x"),+1,@a\n"two\nlines",,é😀\n-1,\tb,c\nonly one\n';
const ROWS = [
  `{"name":"=HYPERLINK(\\"http://x\\")","2024":"+1","__proto__":"@a"}`,
  `{"name":"two\\nlines","2024":"","__proto__":"é😀"}`,
  `{"name":"-1","2024":"\\tb","__proto__":"c"}`,
];

describe('DATA-3 data.export', () => {
  it('DATA-3 CSV: what a spreadsheet would run is escaped', async () => {
    await data.profile(HOSTILE.replace('=HYPERLINK("http://x")', '"=HYPERLINK(""http://x"")"'), { fileId: 'e1' });
    const done = await write({ fileId: 'e1', format: 'csv' });
    expect(done).toMatchObject({ status: 'exported', format: 'csv', rows: 3, left_out: 1 });
    expect(await data.text(done.file)).toBe(
      `name,2024,__proto__\n"'=HYPERLINK(""http://x"")",'+1,'@a\n"two\nlines",,é😀\n'-1,'\tb,c\n`,
    );
  });

  it('DATA-3 JSON lines, Parquet and XLSX hold the same rows', async () => {
    const lines = (await data.text((await write({ fileId: 'e1', format: 'jsonl' })).file)).trimEnd().split('\n');
    expect(lines).toEqual(ROWS);
    const parquet = await bytesOf((await write({ fileId: 'e1', format: 'parquet' })).file);
    const read: readonly Record<string, unknown>[] = await parquetReadObjects({ file: parquet.buffer as ArrayBuffer });
    expect(read.map((row) => [row['name'], row['2024']])).toEqual([
      ['=HYPERLINK("http://x")', '+1'],
      ['two\nlines', null],
      ['-1', '\tb'],
    ]);
    const xlsx = await write({ fileId: 'e1', format: 'xlsx' });
    expect(await readSheet(Buffer.from(await bytesOf(xlsx.file)))).toEqual([
      ['name', '2024', '\u2060__proto__'], // the library for workbooks would not write it
      ['=HYPERLINK("http://x")', '+1', '@a'],
      ['two\nlines', null, 'é😀'],
      ['-1', expect.stringContaining('b'), 'c'],
    ]);
  });

  it('DATA-3 SEC-3 only the caller’s own data: neither tables nor exports of other users and tenants', async () => {
    const own = await write({ fileId: 'e1', exportId: 'x1' });
    await expect(write({ fileId: 'e1', exportId: 'x1' })).resolves.toEqual(own);
    for (const [input, tenant] of [[{ userId: 'bob' }], [{}, 'acme'], [{ fileId: 'none' }]] as const)
      await expect(run('export', { fileId: 'e1', format: 'csv', ...input }, tenant)).rejects.toMatchObject({
        type: 'DataFileMissing',
        nonRetryable: true,
      });
    const { exports } = data.ports;
    await expect(exports.find({ userId: 'ada', tenant: undefined }, 'x1')).resolves.toMatchObject({ fileId: 'e1' });
    await expect(exports.find({ userId: 'bob', tenant: undefined }, 'x1')).resolves.toBeUndefined();
    await expect(exports.find({ userId: 'ada', tenant: 'acme' }, 'x1')).resolves.toBeUndefined();
    await expect(write({ fileId: 'e1', exportId: 'x1', format: 'csv' })).rejects.toMatchObject({
      type: 'DataFileTaken',
    });
    await data.profile('a\n1\n', { fileId: 'bobs', userId: 'bob' });
    const taken = run('export', { userId: 'bob', fileId: 'bobs', format: 'jsonl', exportId: 'x1' });
    await expect(taken).rejects.toMatchObject({ type: 'DataFileTaken' });
  });

  it('groups of Parquet are written one after the other, and a workbook has an end', async () => {
    const rows = Array.from({ length: 51_000 }, (_, n) => `${String(n)},value ${String(n % 7)}`);
    await data.profile(`n,v\n${rows.join('\n')}\n`, { fileId: 'e2' });
    const { file, rows: count } = await write({ fileId: 'e2', format: 'parquet' });
    expect(count).toBe(51_000);
    const bytes = await bytesOf(file);
    const read = await parquetReadObjects({ file: bytes.buffer as ArrayBuffer, rowStart: 50_998 });
    expect(read).toEqual([
      { n: '50998', v: 'value 3' },
      { n: '50999', v: 'value 4' },
    ]);
    await expect(write({ fileId: 'e2', format: 'xlsx' })).rejects.toMatchObject({
      type: 'ExportTooLarge',
      nonRetryable: true,
    });
  });
});

async function bytesOf(ref: ExportOutput['file']): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of await data.blobs.open(ref)) parts.push(part as Buffer);
  return new Uint8Array(Buffer.concat(parts));
}
