/**
 * Threads of the shared pool that read ranges. A thread stays with its range and reuses the memory of saved batches.
 */
import { PerennialError } from '../../../contracts/failures.ts';
import { MINUTE_MS } from '../../../contracts/values/units.ts';
import { type Lease, Pool } from '../../processes/pool.ts';
import { describeEnd, type RunnerEnd } from '../../processes/port.ts';
import { ownBytes } from './byte-room.ts';
import type { RangeReading, RangeReaders } from '../port.ts';
import type { RangeResults, RangeTask } from './range-messages.ts';
import { moduleBeside } from '../../../contracts/values/modules.ts';

/** Settings of {@link createRangeReaders}. */
export interface RangeReadersOptions {
  /** Number of threads. */
  readonly threads: number;
  /**
   * Time without work after which a thread is ended, in milliseconds.
   * @defaultValue 30,000
   */
  readonly idleMs?: number;
}

/** The heaps are small, because a thread holds one block and the batch made from it. */
const HEAP = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };

/** Time limit for one block; a block of a megabyte takes a few hundredths of a second. */
const BLOCK_MS = MINUTE_MS;

/** Creates the pool; threads start with the first range. */
export function createRangeReaders({ threads, idleMs = 30_000 }: RangeReadersOptions): RangeReaders {
  const pool = new Pool<RangeTask, RangeResults>({
    runner: { kind: 'thread', entry: moduleBeside(import.meta.url, './range-thread'), heap: HEAP },
    size: threads,
    idleMs,
    limits: { timeMs: BLOCK_MS },
    failure: failureOf,
  });
  return {
    begin: async (job, signal) => {
      const lease = await pool.lease(signal);
      try {
        await lease.ask({ kind: 'begin', job });
      } catch (error) {
        await lease.release();
        throw error;
      }
      return readingOf(lease);
    },
    close: () => pool.close(),
  };
}

/**
 * Maps the end of a thread to a failure. Exceeding a limit is permanent; any other end may be an accident and is
 * retried.
 */
function failureOf(end: RunnerEnd): PerennialError {
  if (end.kind === 'heap' || end.kind === 'time' || end.kind === 'output')
    return new PerennialError(
      'ImportTooLarge',
      `Expected records that can be read within the limits, but ${describeEnd(end)}. Split them, or lower IMPORT_MAX_RECORD_KB.`,
    );
  return new PerennialError(
    'Unexpected',
    `Expected a thread to read a range, but ${describeEnd(end)}. It is retried automatically.`,
  );
}

function readingOf(lease: Lease<RangeTask, RangeResults>): RangeReading {
  const spent: ArrayBuffer[] = [];
  return {
    read: (bytes, last) => {
      const returned = spent.splice(0);
      const own = ownBytes(bytes);
      return lease.ask({ kind: 'bytes', bytes: own, last, spent: returned }, { transfer: [own.buffer, ...returned] });
    },
    release: ({ copy, rejects }) => {
      spent.push(copy.buffer, rejects.buffer);
    },
    end: () => lease.release(),
  };
}
