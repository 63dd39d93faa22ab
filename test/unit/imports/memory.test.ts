import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importSchemas } from '../../../contracts/imports/vocabulary.ts';
import { createFileBlobStore } from '../../../services/blobs/filesystem.ts';
import { createStoredFiles } from '../../../services/imports/storing/stored-files.ts';
import { createRangeReaders } from '../../../services/imports/reading/range-readers.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';

const BLOCKS = 128;
/** Left to itself, V8 lets more than 30 MB come together here. */
const MOST_MB = 22;

/** One block of lines of users. */
const LINES = Buffer.from(
  Array.from({ length: 15_000 }, (_, at) => `u-${at},u${at}@example.com,"Müller, Nr. ${at}",Europe/Berlin\n`).join(''),
);

/** Most memory outside the heap while some work runs, above what there was, in MB. */
async function mostOutside(work: (look: () => void) => Promise<void>): Promise<number> {
  const before = process.memoryUsage().external;
  let most = 0;
  await work(() => {
    most = Math.max(most, process.memoryUsage().external - before);
  });
  return most / BYTES_PER_MB;
}

describe('IMPORT-5 memory outside the heap stays flat however long the file is', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'import-memory-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('while threads read and batches are saved', async () => {
    const readers = createRangeReaders({ threads: 1 });
    const layout = {
      format: 'csv',
      encoding: 'utf-8',
      encodingFrom: 'bytes',
      mixedEncoding: false,
      delimiter: ',',
      header: ['id', 'email', 'name', 'time_zone'],
    } as const;
    const signal = new AbortController().signal;
    const reading = await readers.begin(
      {
        schema: importSchemas.users,
        layout: { ...layout, header: [...layout.header] },
        runId: 'run',
        key: undefined,
        formats: {},
        from: 0,
        line: 2,
        batchRecords: 10_000,
      },
      signal,
    );
    let rows = 0;
    const most = await mostOutside(async (look) => {
      for (let block = 0; block < BLOCKS; block += 1) {
        for (const batch of await reading.read(new Uint8Array(LINES), false)) {
          rows += batch.rows;
          look();
          reading.release(batch);
        }
      }
    });
    await reading.end();
    await readers.close();
    expect(rows).toBe(BLOCKS * 15_000);
    expect(most).toBeLessThan(MOST_MB);
  }, 60_000);

  it('while a file is stored and read again', async () => {
    const files = createStoredFiles(createFileBlobStore({ root: folder }));
    const content = async function* (): AsyncGenerator<Uint8Array> {
      for (let block = 0; block < BLOCKS; block += 1) yield await Promise.resolve(Buffer.alloc(BYTES_PER_MB, block));
    };
    let bytes = 0;
    const most = await mostOutside(async (look) => {
      const parts = await files.store('parts', content(), {
        maxBytes: BLOCKS * BYTES_PER_MB,
        onPart: () => {
          look();
          return Promise.resolve();
        },
      });
      for await (const block of files.read(
        { parts: [...parts], size: BLOCKS * BYTES_PER_MB, sha256: '' },
        0,
        BLOCKS * BYTES_PER_MB,
      )) {
        bytes += block.length;
        look();
      }
    });
    expect(bytes).toBe(BLOCKS * BYTES_PER_MB);
    expect(runInNewContext('typeof gc')).toBe('undefined'); // not left open for what others run
    expect(most).toBeLessThan(MOST_MB);
  }, 60_000);
});
