import readXlsxFile from 'read-excel-file/node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Sheet } from '../../../services/reports/port.ts';
import { drawSheet } from '../../../services/reports/draw-sheet.ts';
import { forgetTimes } from '../../../services/reports/zip-times.ts';
import { partOf } from '../../support/files/unzip.ts';

const sheet: Sheet = {
  name: 'Documents',
  columns: [
    { title: 'name', width: 20, kind: 'text' },
    { title: 'pages', width: 8, kind: 'number' },
  ],
  rows: Array.from({ length: 5_000 }, (_, at) => [`Müller, Nr. ${at}`, at]),
};

afterEach(() => {
  vi.useRealTimers();
});

describe('IDEM-4 a workbook of the same rows', () => {
  it('has the same bytes whenever it is written, and reads as before', async () => {
    const written: Buffer[] = [];
    for (const time of ['2026-03-04T05:06:07Z', '2027-11-12T13:14:15Z']) {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) });
      written.push(Buffer.from(await drawSheet(sheet)));
    }
    vi.useRealTimers();
    const [first, second] = written;
    if (first === undefined || second === undefined) throw new TypeError('expected two workbooks');
    expect(second.equals(first)).toBe(true);
    const [read] = await readXlsxFile(first);
    expect(read?.data[5_000]).toEqual(['Müller, Nr. 4999', 4999]);
  });

  it('is told from what is no archive', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('%PDF-1.7, which is no archive of files')])
      expect(() => {
        forgetTimes(bytes);
      }).toThrow(new TypeError('expected a ZIP archive without a comment'));
  });
});

describe('REPORT-12 the cells of a workbook', () => {
  const columns: Sheet['columns'] = [
    { title: 'name', width: 20, kind: 'text' },
    { title: 'pages', width: 8, kind: 'number' },
    { title: 'confidence', width: 8, kind: 'share' },
    { title: 'created_at', width: 24, kind: 'time' },
  ];
  const rows: Sheet['rows'] = [
    ['=1+1', 3, 0.875, '2026-10-25T01:30:15.250000Z'],
    ['12', null, 0, null],
  ];
  const written = async (): Promise<Buffer> => Buffer.from(await drawSheet({ name: 'Documents', columns, rows }));

  it('are dates, numbers and texts for another program that reads them', async () => {
    const [read] = await readXlsxFile(await written());
    expect(read?.data).toEqual([
      ['name', 'pages', 'confidence', 'created_at'],
      ['=1+1', 3, 0.875, new Date('2026-10-25T01:30:15.250Z')],
      ['12', null, 0, null],
    ]);
  });

  it('show percentages and times in UTC, under a fixed head that filters all of them', async () => {
    const bytes = await written();
    const styles = await partOf(bytes, 'xl/styles.xml');
    const formats = new Map(
      [...styles.matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map(([, id, code]) => [id, code]),
    );
    const cellStyles = [
      ...(/<cellXfs[\s\S]*<\/cellXfs>/.exec(styles)?.[0] ?? '').matchAll(/<xf (?:numFmtId="(\d+)")?/g),
    ];
    const xml = await partOf(bytes, 'xl/worksheets/sheet1.xml');
    const formatOf = (cell: string): string | undefined => {
      const style = new RegExp(`<c r="${cell}"[^>]* s="(\\d+)"`).exec(xml)?.[1];
      return formats.get(cellStyles[Number(style)]?.[1]);
    };
    expect(formatOf('C2')).toBe('0.0%');
    expect(formatOf('D2')).toBe('yyyy-mm-dd hh:mm:ss &quot;UTC&quot;');
    expect(formatOf('B2')).toBeUndefined();
    expect(xml).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
    expect(xml).toContain('</sheetData><autoFilter ref="A1:D3"/>');
    expect(xml).not.toContain('<f>');
  });
});
