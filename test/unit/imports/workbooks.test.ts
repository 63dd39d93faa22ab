import fc from 'fast-check';
import readXlsxFile from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../contracts/values/units.ts';
import { workbookOf } from '../../support/files/workbook.ts';
import { type ReadTable, readTable, type ReadOptions } from '../../support/read-table.ts';

const text = (value: string): string => `<c t="inlineStr"><is><t xml:space="preserve">${value}</t></is></c>`;
const header = `<row r="1">${text('value')}</row>`;

/** The text of one cell, in a workbook with these number formats as the styles 1 and up. */
async function cell(
  xml: string,
  options: { readonly formats?: readonly string[]; readonly facts?: string } = {},
): Promise<unknown> {
  const { rows, rejects } = await readTable(book(xml, options));
  return rejects[0] ?? rows[0]?.['value'];
}

function book(
  xml: string,
  { formats = [], facts = '' }: { readonly formats?: readonly string[]; readonly facts?: string },
): Buffer {
  const escaped = formats.map((code) =>
    code.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
  );
  return workbookOf({
    sheet: `${header}<row r="2">${xml}</row>`,
    facts,
    formats: escaped.map((code, at) => `<numFmt numFmtId="${at + 164}" formatCode="${code}"/>`).join(''),
    styles: `<xf numFmtId="0"/>${formats.map((_code, at) => `<xf numFmtId="${at + 164}"/>`).join('')}`,
  });
}

const shown = (serial: number | string, format: string, facts?: string): Promise<unknown> =>
  cell(`<c s="1"><v>${serial}</v></c>`, { formats: [format], ...(facts === undefined ? {} : { facts }) });

describe('IMPORT-3 numbers of a workbook are what their format says', () => {
  it.each([
    ['a date', 46053, 'yyyy-mm-dd', '2026-01-31'],
    ['the first day', 1, 'yyyy-mm-dd', '1900-01-01'],
    ['the day before the false leap day', 59, 'dd.mm.yyyy', '1900-02-28'],
    ['the false leap day, as Excel shows it', 60, 'yyyy-mm-dd', '1900-02-29'],
    ['the day behind it', 61, 'yyyy-mm-dd', '1900-03-01'],
    ['day 0, as Excel shows it', 0, 'd/m/yyyy', '1900-01-00'],
    ['the last day', 2958465, 'yyyy-mm-dd', '9999-12-31'],
    ['a number behind the calendar', 2958466, 'yyyy-mm-dd', '2958466'],
    ['a number before it', -5, 'yyyy-mm-dd', '-5'],
    ['a date with a time', 46053.25, 'dd/mm/yyyy hh:mm', '2026-01-31T06:00:00'],
    ['a fraction of a second', 46053 + 500 / DAY_MS, 'yyyy-mm-dd hh:mm:ss.000', '2026-01-31T00:00:00.500'],
    ['a time', 0.5, 'h:mm', '12:00:00'],
    ['a time with its fraction', 0.5 + 250 / DAY_MS, 'mm:ss.0', '12:00:00.250'],
    ['midnight', 0, 'h:mm AM/PM', '00:00:00'],
    ['a time that rounds up to midnight', 0.9999999999, 'h:mm', '1900-01-01'],
    ['a duration', 1.5, '[h]:mm', '36:00:00'],
    ['a duration in minutes', 0.5 / 24, '[mm]:ss', '00:30:00'],
    ['a duration with its fraction', 1 + 1_234 / DAY_MS, '[ss].000', '24:00:01.234'],
    ['a negative duration', -0.75, '[h]:mm:ss', '-18:00:00'],
    ['a percentage', 0.155, '0.0%', '0.155'],
    ['a number with a quoted unit', 1234.5, '#,##0.00 "days"', '1234.5'],
    ['a number with a quoted h', 5, '0 "h"', '5'],
    ['an escaped letter', 5, '0 \\d', '5'],
    ['a currency', 5, '[$kr-41D] #,##0.00', '5'],
    ['a colour and sections', -5, '[Red]0.00;[Yellow]-0.00;"days"', '-5'],
    ['padding', 5, '_-* #,##0.00_d;-* #,##0.00_-', '5'],
    ['General', 5, 'General', '5'],
    ['General with a unit', 5, 'General" days"', '5'],
    ['text', 5, '@', '5'],
    ['an exponent', 12345, '0.00E+00', '12345'],
    ['a date in another language', 46053, '[$-407]d. mmmm yyyy', '2026-01-31'],
    ['a month', 46053, 'mmm', '2026-01-31'],
    ['a date with a text section', 46053, 'm/d/yy;@', '2026-01-31'],
  ])('%s', async (_what, serial, format, expected) => {
    expect(await shown(serial, format)).toBe(expected);
  });

  it.each([
    ['a date', 44591, 'yyyy-mm-dd', '2026-01-31'],
    ['a date with a time', 44592.5625, 'yyyy-mm-dd h:mm:ss', '2026-02-01T13:30:00'],
    ['day 0', 0, 'yyyy-mm-dd', '1904-01-01'],
    ['day 60', 60, 'yyyy-mm-dd', '1904-03-01'],
    ['a time', 0.5, 'h:mm', '12:00:00'],
    ['a duration', 1.5, '[h]:mm', '36:00:00'],
  ])('counted from 1904: %s', async (_what, serial, format, expected) => {
    expect(await shown(serial, format, '<workbookPr date1904="1"/>')).toBe(expected);
    expect(await shown(serial, format, '<workbookPr date1904="true"/>')).toBe(expected);
  });

  it.each([
    [14, '2026-01-31'],
    [17, '2026-01-31'],
    [20, '2026-01-31'],
    [22, '2026-01-31'],
    [31, '2026-01-31'],
    [57, '2026-01-31'],
    [46, '1105272:00:00'],
    [9, '46053'],
    [44, '46053'],
    [49, '46053'],
  ])('the built-in format %i', async (id, expected) => {
    const sheet = `${header}<row r="2"><c s="1"><v>46053</v></c></row>`;
    const { rows } = await readTable(workbookOf({ sheet, styles: `<xf numFmtId="0"/><xf numFmtId="${id}"/>` }));
    expect(rows).toEqual([{ value: expected }]);
  });

  it.each([
    ['12345678901234567', '12345678901234567'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['0.30000000000000004', '0.3'],
    ['1.2345678901234567E+19', '12345678901234600000'],
    ['1E-7', '0.0000001'],
    ['-1.5e-7', '-0.00000015'],
    ['1.5E+25', '15000000000000000000000000'],
    ['4.0', '4.0'],
  ])('the number %s keeps its digits and has no exponent', async (stored, expected) => {
    expect(await cell(`<c><v>${stored}</v></c>`)).toBe(expected);
  });
});

describe('IMPORT-3 cells of every kind', () => {
  it.each([
    ['rich text', '<c t="inlineStr"><is><r><t>one </t></r><r><rPr><b/></rPr><t>two</t></r></is></c>', 'one two'],
    ['text with its reading', '<c t="inlineStr"><is><t>東京</t><rPh><t>トウキョウ</t></rPh></is></c>', '東京'],
    ['a line break', text('one\ntwo'), 'one\ntwo'],
    ['line breaks as Windows and Excel write them', text('a_x000D_\nb\r\nc&#13;d'), 'a\nb\nc\nd'],
    ['an escape that is text', text('_x005F_x0041_'), '_x0041_'],
    ['truth', '<c t="b"><v>1</v></c>', 'true'],
    ['untruth', '<c t="b"><v>0</v></c>', 'false'],
    ['a date in ISO 8601', '<c t="d"><v>2026-01-31T06:00:00</v></c>', '2026-01-31T06:00:00'],
    ['a formula with its number', '<c><f>1+1</f><v>2</v></c>', '2'],
    ['a formula with its text', '<c t="str"><f>A1</f><v>two</v></c>', 'two'],
    ['a number as text', text('007'), '007'],
    ['a text with quotes and delimiters', text('a,"b";c'), 'a,"b";c'],
  ])('%s', async (_what, xml, expected) => {
    expect(await cell(xml)).toBe(expected);
  });

  it.each([
    [
      'a formula without a stored result',
      '<c><f>1+1</f></c>',
      /2 value: expected a value, got a formula without a stored result/,
    ],
    ['one with an empty result', '<c><f>1+1</f><v></v></c>', /formula without a stored result/],
    ['an error', '<c t="e"><v>#DIV/0!</v></c>', /2 value: expected a value, got the error #DIV\/0! of the workbook/],
    ['an error of a formula', '<c t="e"><f>1/0</f><v>#N/A</v></c>', /the error #N\/A/],
  ])('P3-18 %s rejects its row and says why', async (_what, xml, reason) => {
    expect(await cell(xml)).toMatch(reason);
  });

  it('P3-18 a formula whose result is an empty text is empty, and one in a column that is ignored rejects nothing', async () => {
    const sheet = (row: string): Buffer =>
      workbookOf({
        sheet: `<row r="1">${text('id')}${text('email')}${text('more')}</row><row r="2">${text('1')}${text('a@example.com')}${row}</row>`,
      });
    expect((await readTable(sheet('<c t="str"><f>A1</f><v></v></c>'))).rows).toEqual([
      { id: '1', email: 'a@example.com', more: '' },
    ]);
    expect((await readTable(sheet('<c><f>A1</f></c>'), { schema: 'users' })).rejects).toEqual([]);
  });

  it('line breaks leave the numbers of rows alone, and a header has none', async () => {
    const rows = [text('one\ntwo') + text('b'), text('1\n2') + text('x'), text('3'), text('4') + text('y') + text('z')];
    const table = await readTable(
      workbookOf({ sheet: rows.map((cells, at) => `<row r="${at * 2 + 1}">${cells}</row>`).join('') }),
    );
    expect(table.layout.header).toEqual(['one two', 'b']);
    expect(table.rows).toEqual([
      { 'one two': '1\n2', b: 'x' },
      { 'one two': '3', b: '' },
    ]);
    expect(table.rejects).toEqual(['7 : expected 2 columns, got 3']);
  });

  it('a merged cell has its value in its first place, and the others are empty', async () => {
    const sheet = `<row r="1">${text('a')}${text('b')}</row><row r="2"><c r="A2"><v>1</v></c><c r="B2"/></row><row r="3"><c r="A3"/><c r="B3"><v>2</v></c></row>`;
    expect((await readTable(workbookOf({ sheet }))).rows).toEqual([
      { a: '1', b: '' },
      { a: '', b: '2' },
    ]);
  });
});

describe('IMPORT-3 the sheet that is read', () => {
  const names = (...states: readonly string[]): string =>
    states
      .map((state, at) => `<sheet name="S${at + 1}" sheetId="${at + 1}" state="${state}" r:id="rId${at + 1}"/>`)
      .join('');
  const other = {
    type: 'worksheet',
    data: `<worksheet><sheetData>${header}<row r="2">${text('second')}</row></sheetData></worksheet>`,
  } as const;
  const chart = { type: 'chartsheet', data: '<chartsheet/>' } as const;
  const first = `${header}<row r="2">${text('first')}</row>`;
  const read = (
    sheets: string,
    more: readonly (typeof other | typeof chart)[],
    options?: ReadOptions,
  ): Promise<ReadTable> => readTable(workbookOf({ sheet: first, sheets, more }), options);

  it('is the first that is visible, and the others are named', async () => {
    for (const state of ['hidden', 'veryHidden']) {
      const table = await read(names(state, 'visible'), [other]);
      expect(table.rows).toEqual([{ value: 'second' }]);
      expect(table.layout).toMatchObject({ sheet: 'S2', otherSheets: ['S1'] });
    }
    expect((await read(names('visible', 'hidden'), [other])).rows).toEqual([{ value: 'first' }]);
  });

  it('is not a chart, and is a hidden one where it is named or the only one', async () => {
    const swapped = '<sheet name="Chart" sheetId="2" r:id="rId2"/><sheet name="S1" sheetId="1" r:id="rId1"/>';
    expect((await read(swapped, [chart])).layout).toMatchObject({ sheet: 'S1', otherSheets: [] });
    expect((await read(names('hidden', 'visible'), [other], { sheet: 'S1' })).rows).toEqual([{ value: 'first' }]);
    expect((await read(names('hidden'), [])).rows).toEqual([{ value: 'first' }]);
  });

  it('may have its header further down', async () => {
    const sheet = `<row r="1">${text('Report')}${text('of May')}${text('x')}</row><row r="3">${text('a')}</row><row r="4">${text('1')}</row>`;
    for (const options of [{ skipLines: 1 }, { headerRow: 3 }])
      expect((await readTable(workbookOf({ sheet }), options)).rows).toEqual([{ a: '1' }]);
    await expect(readTable(workbookOf({ sheet }), { headerRow: 2 })).rejects.toThrow(/line 2: expected names/);
  });
});

type Value = string | number | boolean | Date | null;

/** What both readers agree about, written as the import writes it. */
function asText(value: Value): string {
  if (value === null) return '';
  if (!(value instanceof Date)) return String(value);
  return value
    .toISOString()
    .replace('T00:00:00.000Z', '')
    .replace(/(?:\.000)?Z$/, '');
}

describe('IMPORT-3 a second reader (read-excel-file) reads the same', () => {
  const formats = ['yyyy-mm-dd', 'd.m.yy hh:mm', '[$-409]mmmm d, yyyy', '0.00', '#,##0', '0%'];
  const escaped = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const words = fc
    .string({
      unit: fc.constantFrom('a', 'Z', '1', 'é', '日', ',', '"', ';', '&', '<', ' '),
      minLength: 1,
      maxLength: 8,
    })
    .map((value) => `w${value}w`);
  const cells = fc.oneof(
    words.map((value) => text(escaped(value))),
    words.map((value) => `<c t="str"><f>A1</f><v>${escaped(value)}</v></c>`),
    fc.boolean().map((value) => `<c t="b"><v>${value ? 1 : 0}</v></c>`),
    fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => `<c><v>${value / 8}</v></c>`),
    fc
      .tuple(fc.integer({ min: 62, max: 60_000 }), fc.constantFrom(0, 0.25, 0.5), fc.integer({ min: 1, max: 3 }))
      .map(([day, time, style]) => `<c s="${style}"><v>${day + time}</v></c>`),
    fc
      .tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 4, max: 6 }))
      .map(([value, style]) => `<c s="${style}"><v>${value / 4}</v></c>`),
  );

  it.each(['', '<workbookPr date1904="1"/>'])('with %j', async (facts) => {
    await fc.assert(
      fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 5 }), async (row) => {
        const placed = (xml: string, at: number, line: number): string =>
          xml.replace('<c', `<c r="${'ABCDE'[at] ?? ''}${line}"`);
        const names = row.map((_cell, at) => placed(text(`c${at}`), at, 1)).join('');
        const file = workbookOf({
          sheet: `<row r="1">${names}</row><row r="2">${row.map((xml, at) => placed(xml, at, 2)).join('')}</row>`,
          facts,
          formats: formats.map((code, at) => `<numFmt numFmtId="${at + 164}" formatCode="${code}"/>`).join(''),
          styles: `<xf numFmtId="0"/>${formats.map((_code, at) => `<xf numFmtId="${at + 164}"/>`).join('')}`,
        });
        const [{ data }] = (await readXlsxFile(file)) as unknown as [{ data: Value[][] }];
        const ours = await readTable(file);
        expect(Object.values(ours.rows[0] ?? {})).toEqual((data[1] ?? []).map(asText));
      }),
      { numRuns: 60 },
    );
  });
});
