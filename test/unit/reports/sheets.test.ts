import readXlsxFile from 'read-excel-file/node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { drawSheet } from '../../../services/reports/draw-sheet.ts';
import { forgetTimes } from '../../../services/reports/zip-times.ts';

const sheet = {
  name: 'Documents',
  columns: [
    { title: 'name', width: 20 },
    { title: 'pages', width: 8 },
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
