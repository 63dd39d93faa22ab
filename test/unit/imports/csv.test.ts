import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCells, csvLine, readRecords, RecordScanner } from '../../../services/imports/reading/csv.ts';
import { planFile } from '../../../services/imports/reading/plan.ts';
import { RangeReader } from '../../../services/imports/reading/range-reader.ts';
import { importSchemas } from '../../../contracts/imports/vocabulary.ts';

const delimiters = fc.constantFrom(',', ';', '\t', '|');
const ends = fc.constantFrom('\n', '\r\n');
/** Fields with everything that makes CSV hard, and text of every kind. */
const field = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '日', '"', ',', ';', '\n', '\r\n', ' ', '😀') }),
  fc.string({ unit: 'grapheme' }),
);
const table = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });

function write(rows: readonly (readonly string[])[], delimiter: string, end: string, closed: boolean): string {
  const quoted = (value: string): string =>
    /["\n\r]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
  return rows.map((row) => row.map(quoted).join(delimiter)).join(end) + (closed ? end : '');
}

const fieldsOf = (text: string, delimiter: string): string[][] =>
  [...readRecords(text, delimiter)].map(({ fields }) => [...fields]);

describe('IMPORT-3 the CSV reader', () => {
  it('reads what csv-parse reads', () => {
    fc.assert(
      fc.property(table, delimiters, ends, fc.boolean(), (rows, delimiter, end, closed) => {
        const text = write(rows, delimiter, end, closed);
        fc.pre(!/^\ufeff/.test(text));
        const expected: unknown = parse(text, {
          delimiter,
          relax_column_count: true,
          record_delimiter: ['\n', '\r\n'],
          bom: false,
        });
        const blank = (row: readonly string[]): boolean => row.length === 1 && row[0] === '';
        expect(fieldsOf(text, delimiter).filter((row) => !blank(row))).toEqual(
          (expected as string[][]).filter((row) => !blank(row)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same ends of records in bytes as in text, wherever the bytes are cut', () => {
    // Any text at all, well-formed or not.
    const anything = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é'), maxLength: 60 });
    fc.assert(
      fc.property(anything, (text) => {
        const bytes = Buffer.from(text);
        const scanner = new RecordScanner(bytes, ',');
        const records: string[] = [];
        for (let at = 0; at < bytes.length;) {
          const end = scanner.endOf(at, true);
          expect(end).toBeGreaterThan(at);
          records.push(bytes.toString('utf8', at, end));
          at = end;
        }
        const each = records.flatMap((record) => fieldsOf(record, ','));
        expect(each).toEqual(fieldsOf(text, ','));
        expect(records).toHaveLength([...readRecords(text, ',')].length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('counts the lines of records, so that rejects name the right one', () => {
    const lines = [...readRecords('a,b\n"x\ny",2\n\n"open,1\nlast,"z"', ',')].map(({ lines: count }) => count);
    expect(lines).toEqual([1, 2, 1, 1, 1]);
  });

  it('SEC-3 disarms formulas in files for people, and only there', () => {
    expect(csvLine(['=1+1', '+1', '-1', '@x', 'a,b', 'plain'])).toBe(`'=1+1,'+1,'-1,'@x,"a,b",plain\n`);
    expect(csvCells(['=1+1', '-1'])).toBe('=1+1,-1\n');
  });
});

describe('ranges', () => {
  it('give the same rows, lines and rejects as the whole file, for any size of range and block', async () => {
    const good = fc.record({ id: fc.uuid(), name: fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'ü') }) });
    const line = fc.oneof(
      good.map(({ id, name }) => `${id},${id}@example.com,"${name.replaceAll('"', '""')}",UTC\n`),
      fc.constantFrom('bad line\n', '\n', 'x,"open,a,UTC\n', 'y,y@example.com,"a"b,UTC\n', 'é,nobody,,\n'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 40 }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 300 }),
        async (lines, rangeBytes, blockBytes) => {
          const file = Buffer.from(`id,email,name,time_zone\n${lines.join('')}`);
          const whole = await readIn(file, Number.MAX_SAFE_INTEGER, file.length + 1);
          expect(await readIn(file, rangeBytes, blockBytes)).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });
});

async function readIn(
  file: Buffer,
  rangeBytes: number,
  blockBytes: number,
): Promise<{ rows: string; rejects: string; read: number; lines: number }> {
  const options = {
    encoding: 'utf-8' as const,
    delimiter: ',',
    mark: 0,
    skipLines: 0,
    headerRow: undefined,
    maxRecordBytes: 10_000,
    rangeBytes,
  };
  const plan = await planFile(blocksOf(file, blockBytes), options, (header) => header);
  const sum = { rows: '', rejects: '', read: 0, lines: plan.lines };
  for (const range of plan.ranges) {
    const reader = new RangeReader({
      schema: importSchemas.users,
      layout: { format: 'csv', encoding: 'utf-8', mixedEncoding: false, delimiter: ',', header: [...plan.header] },
      runId: 'run',
      key: undefined,
      formats: {},
      from: range.from,
      line: range.line,
      batchRecords: 1_000_000,
    });
    const batches = [];
    for await (const block of blocksOf(file.subarray(range.from, range.to), blockBytes))
      batches.push(...reader.read(block, false));
    batches.push(...reader.read(Buffer.alloc(0), true));
    for (const { copy, rejects, read } of batches) {
      sum.rows += Buffer.from(copy).toString();
      sum.rejects += Buffer.from(rejects).toString();
      sum.read += read;
    }
    expect(batches.at(-1)?.to ?? range.to).toBe(range.to);
  }
  return sum;
}

async function* blocksOf(file: Buffer, bytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += bytes) yield await Promise.resolve(file.subarray(at, at + bytes));
}
