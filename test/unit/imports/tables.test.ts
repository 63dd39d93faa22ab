import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workbook, zip } from '../../support/files/workbook.ts';
import { readTable, type ReadOptions } from '../../support/read-table.ts';

const html = '<html><head><title>Sign in</title></head><body>Sign in, please</body></html>';
const bytes = (...values: readonly (number | string)[]): Buffer =>
  Buffer.concat(
    values.map((value) => (typeof value === 'number' ? Buffer.from([value]) : Buffer.from(value, 'latin1'))),
  );

describe('P3-18 what is not a table is refused by what it is', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['a sign-in page', `<!DOCTYPE html>\n${html}`, /found an HTML page, perhaps a sign-in page/],
    ['a page behind blank lines and a mark', `\ufeff\r\n\r\n  ${html}`, /an HTML page/],
    ['a page behind a comment', `<!-- cached,\nat 12:00 -->${html}`, /an HTML page/],
    ['a page in UTF-16', Buffer.from(`\ufeff${html}`, 'utf16le'), /an HTML page/],
    ['a piece of a page', '<div class="login">Hello, world</div>\n', /an HTML page/],
    ['XML', '<?xml version="1.0"?>\n<rows><row id="1"/></rows>', /found XML/],
    ['XML without a declaration', '<rows>\n<row id="1"/></rows>', /found XML/],
    ['a JSON object', '{"error":"unauthorised","code":401}', /found JSON/],
    ['a JSON list', '[\n  {"id": 1, "name": "Ann"}\n]\n', /found JSON/],
    ['lines of JSON', '{"id":1}\n{"id":2}\n', /found JSON/],
    ['an empty JSON list', '[]', /found JSON/],
    ['a list of numbers', '[1, 2, 3]', /found JSON/],
    ['a PDF', '%PDF-1.7\n%x', /found a PDF/],
    ['a PNG', bytes(0x89, 'PNG\r\n\u001a\n'), /a PNG image/],
    ['a JPEG', bytes(0xff, 0xd8, 0xff, 0xe0, 0, 16, 'JFIF'), /a JPEG image/],
    ['a GIF', 'GIF89a\u0001', /a GIF image/],
    ['a TIFF', 'II*\u0000\u0008', /a TIFF image/],
    ['a WebP', 'RIFF\u0001\u0002\u0003\u0004WEBPVP8 ', /a WebP image/],
    ['a HEIC', bytes(0, 0, 0, 0x18, 'ftypheic'), /a HEIC image/],
    ['gzip', gzipSync('id,name\n1,Ann\n'), /compressed file \(gzip\)/],
    ['gzip that is cut', gzipSync('id,name\n1,Ann\n').subarray(0, 12), /compressed file \(gzip\)/],
    ['bzip2', 'BZh91AY&SY', /compressed file \(bzip2\)/],
    ['rich text', '{\\rtf1\\ansi hello, world}', /rich text/],
    ['SQLite', 'SQLite format 3\u0000\u0010', /SQLite/],
    ['Parquet', 'PAR1\u0015\u0004', /Parquet/],
    ['an old workbook', bytes(0xd0, 0xcf, 0x11, 0xe0, 1), /Excel before 2007/],
    ['an archive of a table', zip([{ name: 'a.csv', data: 'id\n1\n' }]), /an archive without a workbook \(ZIP\)/],
    ['a Word document', zip([{ name: 'word/document.xml', data: '<w/>' }]), /a Word document/],
    ['a table of LibreOffice', zip([{ name: 'META-INF/manifest.xml', data: '<m/>' }]), /OpenDocument/],
    ['a binary workbook', zip([{ name: 'xl/workbook.bin', data: 'x' }]), /binary workbook \(XLSB\)/],
    [
      'a workbook that is cut',
      workbook([
        ['id', 'name'],
        ['1', 'Ann'],
      ]).subarray(0, 200),
      /damaged archive/,
    ],
    ['binary data', Buffer.from(Array.from({ length: 600 }, (_, at) => (at * 7) % 32)), /binary data/],
    ['UTF-32', bytes(0xff, 0xfe, 0, 0, 0x69, 0, 0, 0), /UTF-32/],
  ])('%s', async (_what, content, found) => {
    await expect(readTable(content)).rejects.toMatchObject({
      type: 'ImportUnreadable',
      message: expect.stringMatching(found) as string,
    });
    await expect(readTable(content, { format: 'csv' })).rejects.toMatchObject({ type: 'ImportUnreadable' });
  });

  it.each([
    ['names in brackets', '[id],[name]\n1,Ann\n', ['[id]', '[name]']],
    ['names in angle brackets', '<id>,<name>\n1,Ann\n', ['<id>', '<name>']],
    ['a name in braces', '{id};{name}\n1;Ann\n', ['{id}', '{name}']],
    ['a NUL in a field', 'id,name\n1,A\u0000nn\n2,Bob\n', ['id', 'name']],
    ['a page in a field', `id,name\n1,"${html}"\n`, ['id', 'name']],
  ])('and a table with %s is a table', async (_what, content, header) => {
    expect((await readTable(content)).layout.header).toEqual(header);
  });
});

describe('P3-18 every column is saved, ignored by name, or a reason for rejection', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['sep=;', 'sep=;\nid;amount\n1;2,50\n', { id: '1', amount: '2,50' }, ';'],
    ['sep=, as a quoted line', '"sep=,"\r\nid,amount\r\n1,"2,50"\r\n', { id: '1', amount: '2,50' }, ','],
    ['SEP=| behind a mark', '\ufeffSEP=|\nid|amount\n1|2,50\n', { id: '1', amount: '2,50' }, '|'],
    ['sep=tab', 'sep=\t\nid\tamount\n1\t2,50\n', { id: '1', amount: '2,50' }, '\t'],
    ['sep= with returns alone', 'sep=;\rid;amount\r1;2,50\r', { id: '1', amount: '2,50' }, ';'],
    ['decimal commas in each row', 'id;amount\n1;2,50\n2;3,75\n', { id: '1', amount: '2,50' }, ';'],
    ['a comma in the header too', 'id;amount, EUR\n1;2,50\n2;3,75\n', { id: '1', 'amount, EUR': '2,50' }, ';'],
    ['tildes', 'id~amount\n1~2,50\n2~3\n', { id: '1', amount: '2,50' }, '~'],
  ])('the delimiter is found: %s', async (_what, content, row, delimiter) => {
    const table = await readTable(content);
    expect(table.layout.delimiter).toBe(delimiter);
    expect(table.rows[0]).toEqual(row);
    expect(table.rejects).toEqual([]);
  });

  it('sep= in UTF-16 with lines that keep their numbers', async () => {
    const table = await readTable(Buffer.from('\ufeffsep=;\r\nid;n\r\n1;2\r\n1;2;3\r\n', 'utf16le'));
    expect(table.rows).toEqual([{ id: '1', n: '2' }]);
    expect(table.rejects).toEqual(['4 : expected 2 columns, got 3']);
  });

  it('columns without a name are saved by their position, and left out where they are empty', async () => {
    const table = await readTable('id,,name,,"column 2"\n1,lost?,Ann,,x\n2,,Bob,y,\n');
    expect(table.rows).toEqual([
      { id: '1', 'column 2 (no name)': 'lost?', name: 'Ann', 'column 2': 'x' },
      { id: '2', name: 'Bob', 'column 4': 'y', 'column 2': '' },
    ]);
  });

  it('a schema that does not keep them names the columns that it ignores', async () => {
    const { layout } = await readTable('id,,email,colour\n1,x,a@example.com,red\n', { schema: 'users' });
    expect(layout.ignored).toEqual(['column 2', 'colour']);
  });

  it('rows that do not fit the header are rejected, and read = saved + rejected', async () => {
    const table = await readTable('id;name\n1;Ann;more\n2\n3;Cid;;\n"4;open\n5;"quo"ted\n6;F\n');
    expect(table.rows).toEqual([
      { id: '3', name: 'Cid' },
      { id: '6', name: 'F' },
    ]);
    expect(table.rejects.map((reject) => reject.split(' ')[0])).toEqual(['2', '3', '5', '6']);
    expect(table.read).toBe(table.rows.length + table.rejects.length);
  });

  it('a header that a delimiter cuts decides, so that rows of another kind are rejected and not read as one column', async () => {
    const table = await readTable('id;name\nsome text\nmore text\n');
    expect(table.rows).toEqual([]);
    expect(table.rejects).toHaveLength(2);
  });

  it.each<[string, string, ReadOptions, string, RegExp]>([
    [
      'a delimiter that the file lacks',
      'id;name\n1;Ann\n',
      { delimiter: ',' },
      'ImportColumns',
      /delimiter: .*";" cuts it into 2 columns/,
    ],
    [
      'names that come twice',
      'id,name,Name\n1,a,b\n',
      {},
      'ImportColumns',
      /line 1: expected each column once, got 'name' twice/,
    ],
    ['an empty file', '', {}, 'EmptyFile', /empty file/],
    ['a separator line alone', 'sep=;\n', {}, 'EmptyFile', /empty file/],
    ['an open quote in the header', 'id,"name\n1,Ann\n', {}, 'ImportColumns', /each quote to be closed/],
  ])('%s is refused', async (_what, content, options, type, message) => {
    await expect(readTable(content, options)).rejects.toMatchObject({
      type,
      message: expect.stringMatching(message) as string,
    });
  });

  it('a header alone has no rows', async () => {
    expect(await readTable('id,name')).toMatchObject({
      read: 0,
      rows: [],
      rejects: [],
      layout: { header: ['id', 'name'] },
    });
  });

  it('whatever a table holds, each cell is saved or its row is rejected', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', 'é', ',', '"', '\n', ';'), maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('', 'x', 'y', 'z'), { minLength: 2, maxLength: 4 }),
        fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        async (names, records) => {
          fc.pre(names.some((name) => name !== ''));
          fc.pre(new Set(names.filter((name) => name !== '')).size === names.filter((name) => name !== '').length);
          const quoted = (fields: readonly string[]): string =>
            fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
          const table = await readTable(`${[names, ...records].map(quoted).join('\n')}\n`, { delimiter: ',' });
          expect(table.read).toBe(records.length);
          expect(table.rows.length + table.rejects.length).toBe(records.length);
          const saved = table.rows.flatMap((row) => Object.values(row)).filter((value) => String(value).trim() !== '');
          const fitting = records.filter(
            (record) =>
              record.length === names.length ||
              (record.length > names.length && record.slice(names.length).every((value) => value.trim() === '')),
          );
          const given = fitting.flatMap((record) => record).filter((value) => value.trim() !== '');
          expect([...saved].sort()).toEqual([...given].sort());
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('where the table begins, and what its columns are called', () => {
  const report = 'Report of "May\nmade by hand, on a Monday\n\nNo.;E-Mail;Full name\n1;a@example.com;Ann\n2;x\n';

  it('IMPORT-3 lines before the header are skipped, and lines keep their numbers', async () => {
    for (const options of [{ skipLines: 2 }, { headerRow: 4 }]) {
      const table = await readTable(report, options);
      expect(table.rows).toEqual([{ 'No.': '1', 'E-Mail': 'a@example.com', 'Full name': 'Ann' }]);
      expect(table.rejects).toEqual(['6 : expected 3 columns, got 2']);
    }
    await expect(readTable(report, { headerRow: 3 })).rejects.toThrow(
      /line 3: expected names of columns \(headerRow\)/,
    );
    await expect(readTable(report, { skipLines: 99 })).rejects.toMatchObject({ type: 'EmptyFile' });
  });

  it('IMPORT-3 columns get the names that the caller maps them to', async () => {
    const map = { 'no.': 'id', ' E-Mail ': 'email', 'column 3': 'name' };
    const table = await readTable('No.;E-Mail;;Zone\n1;a@example.com;Ann;x\n', { schema: 'users', map });
    expect(table.layout.header).toEqual(['id', 'email', 'name', 'Zone']);
    expect(table.layout.ignored).toEqual(['Zone']);
    expect(table.rejects).toEqual([]);
    await expect(readTable('a,b\n1,2\n', { map: { c: 'd' } })).rejects.toThrow(
      /line 1: expected the column 'c' \(map\), got 'a', 'b'/,
    );
    await expect(readTable('a,b\n1,2\n', { map: { a: 'b' } })).rejects.toThrow(/'b' twice/);
  });

  it('IMPORT-4 dates and decimals are read as the caller says, and saved in one form', async () => {
    const invoice = (date: string, total: string): string =>
      `number;issuer;date;currency;total\nR;X;${date};EUR;${total}\n`;
    const read = async (date: string, total: string, options: ReadOptions): Promise<unknown[]> => {
      const { rows, rejects } = await readTable(invoice(date, total), {
        schema: 'invoices',
        delimiter: ';',
        ...options,
      });
      return rows[0] === undefined ? [...rejects] : [rows[0]['date'], rows[0]['total']];
    };
    expect(await read('31.01.2026', '1.234,50', { dateFormat: 'DD.MM.YYYY', decimal: ',' })).toEqual([
      '2026-01-31',
      '1234.50',
    ]);
    expect(await read('1/31/26', '1,234,567.5', { dateFormat: 'M/D/YY', decimal: '.' })).toEqual([
      '2026-01-31',
      '1234567.5',
    ]);
    expect(await read('20260131', "-1'234,5", { dateFormat: 'yyyymmdd', decimal: ',' })).toEqual([
      '2026-01-31',
      '-1234.5',
    ]);
    expect(await read('31-1-69', '1\u202f234,5', { dateFormat: 'D-M-YY', decimal: ',' })).toEqual([
      '1969-01-31',
      '1234.5',
    ]);
    expect(await read('2026-01-31', '5', { dateFormat: 'DD.MM.YYYY', decimal: ',' })).toEqual(['2026-01-31', '5']);
    expect(await read('30.02.2026', '1.23,50', { dateFormat: 'DD.MM.YYYY', decimal: ',' })).toEqual([
      '2 date: expected a date as DD.MM.YYYY says',
      '2 total: expected a decimal number such as 1234,50',
    ]);
    expect(await read('31.01.2026', '1,5', {})).toEqual([
      expect.stringContaining('name the format: dateFormat'),
      expect.stringContaining('name the sign: decimal'),
    ]);
  });
});
