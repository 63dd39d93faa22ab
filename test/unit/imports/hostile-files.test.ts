import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredFile } from '../../../contracts/imports/schema.ts';
import { importSchemas } from '../../../contracts/imports/vocabulary.ts';
import { BYTES_PER_MB, SECOND_MS } from '../../../contracts/values/units.ts';
import { createFileBlobStore } from '../../../services/blobs/filesystem.ts';
import { createPlanner, type Planner, type PlannerOptions } from '../../../services/imports/reading/planner.ts';
import { createRangeReaders } from '../../../services/imports/reading/range-readers.ts';
import { createStoredFiles } from '../../../services/imports/storing/stored-files.ts';
import type { StoredFiles } from '../../../services/imports/port.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';
import { workbookOf } from '../../support/files/workbook.ts';

const never = new AbortController().signal;
const options = {
  schema: importSchemas.records,
  key: undefined,
  format: undefined,
  delimiter: undefined,
  encoding: undefined,
  sheet: undefined,
  skipLines: 0,
  headerRow: undefined,
  map: {},
} as const;

const PATIENCE = { timeout: 240_000 };

let folder: string;
let files: StoredFiles;
const planners: Planner[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-files-'));
  files = createStoredFiles(createFileBlobStore({ root: folder }));
});
afterAll(async () => {
  await Promise.all(planners.map((planner) => planner.close()));
  await rm(folder, { recursive: true, force: true });
});

function plannerWith(options: Partial<PlannerOptions> = {}): Planner {
  const planner = createPlanner(files, {
    threads: 1,
    maxRecordBytes: BYTES_PER_MB,
    maxUnpackedBytes: 10_000 * BYTES_PER_MB,
    ...options,
  });
  planners.push(planner);
  return planner;
}

async function stored(content: AsyncIterable<Uint8Array>): Promise<StoredFile> {
  let size = 0;
  const parts = await files.store('parts', content, {
    maxBytes: 10_000 * BYTES_PER_MB,
    onPart: (part) => {
      size += part.size;
      return Promise.resolve();
    },
  });
  return { parts: [...parts], size, sha256: '' };
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += BYTES_PER_MB)
    yield await Promise.resolve(bytes.subarray(at, at + BYTES_PER_MB));
}

/** Plans a file as a worker does; how it ended is told by the name of its failure, or its number of ranges. */
async function outcomeOf(planner: Planner, file: StoredFile, signal = never): Promise<unknown> {
  return planner.plan(file, options, stored, signal).then(
    ({ ranges }) => ranges.length,
    (error: unknown) => error,
  );
}

const row = (number: number, cells: string): string => `<row r="${number}">${cells}</row>`;
const header = row(1, '<c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c>');
const rows = (count: number, cells: string): string =>
  Array.from({ length: count }, (_, at) => row(at + 2, cells)).join('');
/** Packs not so well that its ratio gives it away. */
const salted = (times: number, unit: string, each = 1_000): string =>
  Array.from({ length: times }, () => `${unit.repeat(each)}<!--${randomBytes(24).toString('hex')}-->`).join('');

const workbooks: Readonly<Record<string, { readonly make: () => Buffer; readonly end: unknown }>> = {
  'rows of one empty cell in the last column': {
    make: () => workbookOf({ sheet: '<row><c r="XFD1"/></row>'.repeat(40_000) }),
    end: { type: 'EmptyFile' },
  },
  'a header in the last column, and as many cells below it': {
    make: () => workbookOf({ sheet: '<row><c r="XFD1"><v>1</v></c></row>'.repeat(40_000) }),
    end: { type: 'ImportColumns' },
  },
  'cells far to the right of the header': {
    make: () => workbookOf({ sheet: header + rows(40_000, '<c r="XFD1"><v>1</v></c>') }),
    end: 1,
  },
  'millions of shared texts that are empty': {
    make: () => workbookOf({ sheet: header, shared: salted(3_500, '<si/>') }),
    end: { type: 'ArchiveBomb', message: expect.stringContaining('3000000 shared texts') as string },
  },
  'one long text that all cells share': {
    make: () =>
      workbookOf({
        sheet: header + rows(100_000, '<c r="A1" t="s"><v>0</v></c>'),
        shared: `<si><t>${'x'.repeat(900_000)}</t></si>`,
      }),
    end: { type: 'ArchiveBomb', message: expect.stringContaining('bytes as CSV') as string },
  },
  'a row of long texts': {
    make: () =>
      workbookOf({
        sheet: row(1, Array.from({ length: 900 }, () => '<c t="s"><v>0</v></c>').join('')),
        shared: `<si><t>${'x'.repeat(900_000)}</t></si>`,
      }),
    end: { type: 'ImportTooLarge', message: expect.stringContaining('line 1: expected a record') as string },
  },
  'elements within elements': {
    make: () => workbookOf({ sheet: '<a>'.repeat(1_000_000) }),
    end: { type: 'ImportUnreadable', message: expect.stringContaining('more than 64 deep') as string },
  },
  'an attribute without an end': {
    make: () => workbookOf({ sheet: `<row r="${'1'.repeat(9_000_000)}"/>` }),
    end: { type: 'ImportUnreadable', message: expect.stringContaining('more than a million characters') as string },
  },
  'a comment without an end': {
    make: () => workbookOf({ sheet: `<!--${'1'.repeat(9_000_000)}-->` }),
    end: { type: 'ImportUnreadable', message: expect.stringContaining('more than a million characters') as string },
  },
  'a cell of many texts': {
    make: () => workbookOf({ sheet: row(1, `<c t="inlineStr"><is>${'<t>xxxxxxxxxx</t>'.repeat(200_000)}</is></c>`) }),
    end: { type: 'ImportUnreadable', message: expect.stringContaining('a cell of more than') as string },
  },
  'more styles than Excel has': {
    make: () => workbookOf({ sheet: header, styles: '<xf numFmtId="9"/>'.repeat(200_000) }),
    end: { type: 'ArchiveBomb', message: expect.stringContaining('65536 styles') as string },
  },
};

describe('a hostile workbook does not hold up the worker', () => {
  it.each(Object.entries(workbooks))('%s', PATIENCE, async (_name, { make, end }) => {
    const file = await stored(piecesOf(make()));
    const planner = plannerWith();
    const { value: outcome, longestMs } = await watched(() => outcomeOf(planner, file));
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
    if (typeof end === 'object') expect(outcome).toMatchObject(end as object);
    else expect(outcome).toBe(end);
  });

  it('and is ended by a cancellation', PATIENCE, async () => {
    const file = await stored(piecesOf(workbookOf({ sheet: header, shared: salted(2_900, '<si></si>') })));
    const stop = new AbortController();
    const reason = new Error('cancelled');
    const planning = outcomeOf(plannerWith(), file, stop.signal);
    setTimeout(() => stop.abort(reason), 300);
    const startedAt = performance.now();
    expect(await planning).toBe(reason);
    expect(performance.now() - startedAt).toBeLessThan(2 * SECOND_MS);
  });

  it('and fails for good when it takes more time or memory than it may', PATIENCE, async () => {
    const file = await stored(
      piecesOf(workbookOf({ sheet: header, shared: salted(4_000, '<si><t>ab</t></si>', 250) })),
    );
    expect(await outcomeOf(plannerWith({ workMs: 150 }), file)).toMatchObject({
      type: 'ImportTooLarge',
      message: expect.stringContaining('it took longer than 150 ms') as string,
    });
    expect(await outcomeOf(plannerWith({ heapMb: 32 }), file)).toMatchObject({
      type: 'ImportTooLarge',
      message: expect.stringContaining('a heap of more than 32 MB') as string,
    });
  });
});

/** Lines of just below the longest record. */
const LINE = BYTES_PER_MB - 10;
const lines: Readonly<Record<string, string>> = {
  'quotes in the middle of fields': `${'a"'.repeat(LINE / 2)}\n`,
  'quotes that are doubled': `"${'""'.repeat(LINE / 2 - 2)}"\n`,
  'one quoted field and many plain ones': `"a"${',a'.repeat(LINE / 2 - 2)}\n`,
  'many quoted fields': `""${',""'.repeat(LINE / 3 - 2)}\n`,
  'short lines with a quote': 'b"\n'.repeat(LINE / 3),
  'short lines that open a quote': '"b\n'.repeat(LINE / 3),
};

describe('a hostile text does not hold up the worker', () => {
  it.each(Object.entries(lines))('%s', PATIENCE, async (_name, line) => {
    const content = Buffer.from(`a,b\n${line.repeat(2)}`);
    const file = await stored(piecesOf(content));
    const planner = plannerWith();
    const readers = createRangeReaders({ threads: 1 });
    const startedAt = performance.now();
    const { longestMs } = await watched(async () => {
      expect(await outcomeOf(planner, file)).toBe(1);
      const reading = await readers.begin(
        {
          schema: importSchemas.records,
          layout: { format: 'csv', encoding: 'utf-8', mixedEncoding: false, delimiter: ',', header: ['a', 'b'] },
          runId: 'run',
          key: undefined,
          formats: {},
          from: 4,
          line: 2,
          batchRecords: 10_000,
        },
        never,
      );
      for await (const block of files.read(file, 4, file.size)) await reading.read(block, false);
      await reading.read(new Uint8Array(0), true);
      await reading.end();
    });
    await readers.close();
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
    expect(performance.now() - startedAt).toBeLessThan(20 * SECOND_MS);
  });

  it('quotes that nobody closes', PATIENCE, async () => {
    const file = await stored(piecesOf(Buffer.from(`a,b\n${',"x'.repeat(2 * BYTES_PER_MB)}`)));
    const planner = plannerWith();
    const { value: outcome, longestMs } = await watched(() => outcomeOf(planner, file));
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
    expect(outcome).toMatchObject({ type: 'ImportTooLarge' });
  });
});
