/** Threads of the shared pool that read tables. A thread stays with its table until the end. */
import { PerennialError } from '../../../contracts/failures.ts';
import { MINUTE_MS } from '../../../contracts/values/units.ts';
import { moduleBeside } from '../../../contracts/values/modules.ts';
import { ownBytes } from '../../imports/reading/byte-room.ts';
import { Pool } from '../../processes/pool.ts';
import { describeEnd, type RunnerEnd } from '../../processes/port.ts';
import type { TableThreads } from '../port.ts';
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
    profile: async ({ layout, line }, content, { signal, onBytes }) => {
      const lease = await pool.lease(signal);
      try {
        await lease.ask({ kind: 'profile', place: { layout, line } });
        let read = 0;
        for await (const block of content) {
          signal.throwIfAborted();
          const bytes = ownBytes(block);
          read += bytes.byteLength;
          await lease.ask({ kind: 'bytes', bytes, last: false }, { transfer: [bytes.buffer] });
          onBytes(read);
        }
        await lease.ask({ kind: 'bytes', bytes: new Uint8Array(), last: true });
        return await lease.ask({ kind: 'report' });
      } finally {
        await lease.release();
      }
    },
    close: () => pool.close(),
  };
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
