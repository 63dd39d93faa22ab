/** Threads of the shared pool that read tables. A thread stays with its table until the end. */
import { PerennialError } from '../../../contracts/failures.ts';
import { MINUTE_MS } from '../../../contracts/values/units.ts';
import { moduleBeside } from '../../../contracts/values/modules.ts';
import { ownBytes } from '../../imports/reading/byte-room.ts';
import { type Lease, Pool } from '../../processes/pool.ts';
import { describeEnd, type RunnerEnd } from '../../processes/port.ts';
import type { Reading, TableLines, TableThreads, WriteCounts, Written } from '../port.ts';
import type { TableResults, TableTask } from './thread-messages.ts';

/** Settings of {@link createTableThreads}. */
export interface TableThreadsOptions {
  /** Tables that are read at once. */
  readonly threads: number;
}

/** Figures of a thousand columns take about 150 MB; rows that were seen lie outside the heap. */
const HEAP = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 384 };

/** Time limit for one block; a block of a megabyte takes a tenth of a second. */
const BLOCK_MS = MINUTE_MS;

/** Time without work after which a thread is ended, in milliseconds. */
const IDLE_MS = 30_000;

/** Creates the pool; threads start with the first table. */
export function createTableThreads({ threads }: TableThreadsOptions): TableThreads {
  const pool = new Pool<TableTask, TableResults>({
    runner: { kind: 'thread', entry: moduleBeside(import.meta.url, './table-thread'), heap: HEAP },
    size: threads,
    idleMs: IDLE_MS,
    limits: { timeMs: BLOCK_MS },
    failure: failureOf,
  });
  return {
    profile: async (place, content, reading) => {
      const lease = await pool.lease(reading.signal);
      try {
        await lease.ask({ kind: 'profile', place: linesOf(place) });
        for await (const _nothing of blocksOf(lease, content, reading));
        return await lease.ask({ kind: 'report' });
      } finally {
        await lease.release();
      }
    },
    write: (place, content, form, reading) => {
      let counts: WriteCounts = { rows: 0, leftOut: 0, changedCells: 0, removedRows: 0 };
      const write = async function* (): AsyncGenerator<Written> {
        const lease = await pool.lease(reading.signal);
        try {
          await lease.ask({ kind: 'write', place: linesOf(place), form });
          yield* blocksOf(lease, content, reading);
          counts = await lease.ask({ kind: 'counts' });
        } finally {
          await lease.release();
        }
      };
      return { blocks: write(), counts: () => counts };
    },
    close: () => pool.close(),
  };
}

/** Of a place, what a thread needs. */
function linesOf({ layout, line }: TableLines): TableLines {
  return { layout, line };
}

/** Gives a thread the bytes of a table, and yields what it writes. */
async function* blocksOf(
  lease: Lease<TableTask, TableResults>,
  content: AsyncIterable<Uint8Array>,
  { signal, onBytes }: Reading,
): AsyncGenerator<Written> {
  let read = 0;
  for await (const block of content) {
    signal.throwIfAborted();
    const bytes = ownBytes(block);
    read += bytes.byteLength;
    const written = await lease.ask({ kind: 'bytes', bytes, last: false }, { transfer: [bytes.buffer] });
    onBytes(read);
    if (written !== undefined) yield written;
  }
  const written = await lease.ask({ kind: 'bytes', bytes: new Uint8Array(), last: true });
  if (written !== undefined) yield written;
}

function failureOf(end: RunnerEnd): PerennialError {
  if (end.kind === 'heap' || end.kind === 'time' || end.kind === 'output')
    return new PerennialError(
      'ImportTooLarge',
      `Expected a table that can be read within the limits, but ${describeEnd(end)}. Split it.`,
    );
  return new PerennialError(
    'Unexpected',
    `Expected a thread to read the table, but ${describeEnd(end)}. It is retried automatically.`,
  );
}
