import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataReportSchema, type DataReport } from '../../../contracts/data/schema.ts';
import { HOUR_MS } from '../../../contracts/values/units.ts';
import { dataTests } from '../../support/data.ts';
import { workbookOf, zip } from '../../support/files/workbook.ts';

const data = dataTests();

const ORDERS = `number;customer;total;paid;due;note
1; ann@Example.COM ;1.234,50;Yes;31.01.2026;fine
2;bob@example.com;12,00;no;01.02.2026;n/a

3;cy@example.com;9,90;yes;28.02.2026;"two
lines"
3;cy@example.com;9,90;yes;28.02.2026;"two
lines"
4;dora@example.com;13;no;01.03.2026;-
5;only three
`;

const column = (report: DataReport, name: string) => {
  const found = report.columns.find((one) => one.name === name);
  if (found === undefined) throw new TypeError(`expected the column ${name}`);
  return found;
};

const fixOf = (report: DataReport, id: string) => report.fixes.find((fix) => fix.id === id);

describe('DATA-2 an uploaded table is read once and described', () => {
  it('DATA-2 CSV: kinds, gaps, repeated rows, bad rows and what can be mended, with their lines', async () => {
    const report = await data.report(ORDERS);
    expect(dataReportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({ format: 'csv', encoding: 'utf-8', delimiter: ';', rows: 5, empty_rows: 1 });
    expect(report.duplicate_rows).toEqual({ count: 1, exact: true, examples: [{ line: 7, first: 5 }] });
    expect(report.bad_rows).toEqual({ count: 1, examples: [{ line: 10, reason: 'expected 6 columns, got 2' }] });
    expect(report.columns.map(({ kind }) => kind)).toEqual(['integer', 'email', 'text', 'boolean', 'text', 'text']);
    expect(column(report, 'number')).toMatchObject({
      distinct: { count: 4, exact: true },
      numbers: { min: 1, max: 4, mean: 2.6, quartiles: [2, 3, 3] },
    });
    expect(column(report, 'note')).toMatchObject({ empty: 0, longest: 9, examples: ['fine', 'two\nlines'] });
    expect(report.fixes.map(({ id, form, changes }) => [id, form, changes])).toEqual([
      ['trim:2', undefined, 1],
      ['email:2', undefined, 1],
      ['number:3', ',', 4],
      ['boolean:4', undefined, 5],
      ['date:5', 'D.M.YYYY', 5],
      ['emptyMark:6', undefined, 2],
      ['duplicateRows', undefined, 1],
      ['emptyRows', undefined, 1],
    ]);
    expect(fixOf(report, 'number:3')?.example).toEqual({ line: 2, before: '1.234,50', after: '1234.50' });
    expect(fixOf(report, 'date:5')?.example).toEqual({ line: 2, before: '31.01.2026', after: '2026-01-31' });
    expect(fixOf(report, 'email:2')?.example).toMatchObject({ after: 'ann@example.com' });
  });

  it('DATA-2 Excel: the same rows have the same columns, and cells with errors are counted', async () => {
    const error = '<row r="4"><c r="A4" t="inlineStr"><is><t>C</t></is></c><c r="B4" t="e"><v>#REF!</v></c></row>';
    const sheet =
      '<row r="1"><c r="A1" t="inlineStr"><is><t>sku</t></is></c><c r="B1" t="inlineStr"><is><t>price</t></is></c></row>' +
      '<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c><c r="B2"><v>1.5</v></c></row>' +
      '<row r="3"><c r="A3" t="inlineStr"><is><t>B</t></is></c><c r="B3"><v>2</v></c></row>';
    const report = await data.report(workbookOf({ sheet: sheet + error }));
    expect(report).toMatchObject({ format: 'xlsx', sheet: 'Sheet1', rows: 3 });
    expect(column(report, 'price')).toMatchObject({ unreadable: 1, distinct: { count: 2, exact: true } });
    expect(report.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['sku', 'text'],
      ['price', 'decimal'],
    ]);
  });

  it('finds the order of quantities, and what lies far outside', async () => {
    const prices = Array.from({ length: 400 }, (_, n) => `${String(n)},${String(10 + (n % 7))}`);
    const report = await data.report(`n,price\n${prices.join('\n')}\n400,9000\n401,-800\n`);
    expect(column(report, 'price').numbers).toMatchObject({
      quartiles: [11, 13, 15],
      outliers: {
        count: 2,
        exact: true,
        examples: [
          { line: 402, value: '9000' },
          { line: 403, value: '-800' },
        ],
      },
    });
    expect(column(report, 'n').numbers?.outliers.count).toBe(0);
  });
});

describe('once, and for its owner alone', () => {
  it('DATA-2 the same id is the same file, however often it is asked for', async () => {
    const first = await data.profile('a\n1\n', { fileId: 'same' });
    await expect(data.profile('a\n1\n', { fileId: 'same' })).resolves.toEqual(first);
    const { rows } = await data.test.db.query(`select from data_files where file_id = 'same'`);
    expect(rows).toHaveLength(1);
  });

  it('another file, other options or another user under the id are refused', async () => {
    await data.profile('a;b\n1;2\n', { fileId: 'mine' });
    const taken = { type: 'DataFileTaken', nonRetryable: true };
    await expect(data.profile('a;b\n1;3\n', { fileId: 'mine' })).rejects.toMatchObject(taken);
    await expect(data.profile('a;b\n1;2\n', { fileId: 'mine', delimiter: ';' })).rejects.toMatchObject(taken);
    await expect(data.profile('a;b\n1;2\n', { fileId: 'mine', userId: 'bob' })).rejects.toMatchObject(taken);
  });

  it('SEC-3 the upload of somebody else is as good as none', async () => {
    const file = await data.upload('secret\n1\n', 'bob');
    const call = data.run('data.profile', { userId: 'ada', file, fileId: 'stolen' });
    await expect(call).rejects.toMatchObject({ type: 'DataFileMissing', nonRetryable: true });
    const climbing = { ...file, key: `${file.key.slice(0, 14)}/../../documents/x` };
    await expect(data.run('data.profile', { userId: 'ada', file: climbing })).rejects.toMatchObject({
      type: 'DataFileMissing',
    });
  });

  it('SEC-3 a file is found by its own user and tenant alone', async () => {
    await data.profile('a\n1\n', { fileId: 'owned' });
    const owner = { fileId: 'owned', userId: 'ada', tenant: undefined };
    await expect(data.ports.files.get(owner)).resolves.toMatchObject({ fileId: 'owned' });
    for (const other of [{ userId: 'bob' }, { tenant: 'acme' }, { fileId: "owned' or true --" }])
      await expect(data.ports.files.get({ ...owner, ...other })).rejects.toMatchObject({ type: 'DataFileMissing' });
  });

  it('a user whom nobody knows has no files', async () => {
    const call = data.profile('a\n1\n', { userId: 'nobody', fileId: 'n' });
    await expect(call).rejects.toMatchObject({ type: 'UserMissing', nonRetryable: true });
  });

  it('SEC-2 nothing that stands in a file is in the result or in the log', async () => {
    const output = await data.profile('name,iban\nGrace Hopper,DE89370400440532013000\nx\n', { fileId: 'private' });
    const told = JSON.stringify(output) + data.logged.join('\n');
    expect(told).not.toMatch(/Grace|DE89|iban/);
  });
});

it('DATA-1 temporary files older than a day are deleted, on the queue of data', async () => {
  await mkdir(path.join(data.tempDir, 'old'), { recursive: true });
  for (const name of ['old/upload.csv', 'young.csv']) await writeFile(path.join(data.tempDir, name), 'a\n1\n');
  const before = new Date(Date.now() - 25 * HOUR_MS);
  for (const name of ['old/upload.csv', 'old']) await utimes(path.join(data.tempDir, name), before, before);
  const call = data.run('data.cleanupTempFiles', {});
  await expect(call).resolves.toMatchObject({ dry_run: false, deleted_files: 1, deleted_folders: 1, skipped: 0 });
  expect(await readdir(data.tempDir)).toEqual(['young.csv']);
});

describe('what is no table, or a hostile one', () => {
  const refused = (content: string | Uint8Array, type: string, given = {}) =>
    expect(data.report(content, given)).rejects.toMatchObject({ type, nonRetryable: true });

  it('is refused with its class', async () => {
    await refused('', 'EmptyFile');
    await refused('%PDF-1.7\n', 'ImportUnreadable');
    await refused('a,a\n1,2\n', 'ImportColumns');
    await refused(`a\n${'x'.repeat(200_000)}\n`, 'ImportTooLarge');
    await refused('a\n1\n', 'InvalidInput', { encoding: 'klingon' });
    await refused('a\n1\n', 'InvalidInput', { headerRow: 0 });
    await refused(zip([{ name: 'x', data: 'no workbook' }]), 'ImportUnreadable');
  });

  it('names and values are shown shortened and without control characters', async () => {
    const long = 'v'.repeat(50_000);
    const report = await data.report(`"=cmd|' /C calc'!A0\u0007","__proto__"\n${long},"\u001b[31m"\n`);
    const [first, second] = report.columns;
    expect(first?.name).toBe("=cmd|' /C calc'!A0\ufffd");
    expect(second).toMatchObject({ name: '__proto__', examples: ['\ufffd[31m'] });
    expect(first?.longest).toBe(50_000);
    expect(first?.examples).toEqual([`${'v'.repeat(100)}…`]);
  });

  it('a header alone has no rows', async () => {
    const report = await data.report('a,b\n');
    expect(report).toMatchObject({ rows: 0, fixes: [] });
    expect(report.columns[0]).toMatchObject({ kind: null, numbers: null, shortest: 0 });
  });
});
