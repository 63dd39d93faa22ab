/** The maker of pictures: a pool of processes with limits, because what strangers made is decoded there. */
import { PerennialError } from '../../../contracts/failures.ts';
import { moduleBeside } from '../../../contracts/values/modules.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';
import { Pool } from '../../processes/pool.ts';
import { describeEnd, type RunnerEnd } from '../../processes/port.ts';
import type { PictureMaker } from '../port.ts';
import type { PictureLimits, PictureResults, PictureTask } from './messages.ts';

/** Settings of {@link createPictureMaker}. */
export interface PictureMakerOptions extends PictureLimits {
  /** Processes, and so files that are made at once. */
  readonly processes: number;
  /** Time limit of one file, in milliseconds. */
  readonly timeoutMs: number;
  /** Memory limit of one file, in megabytes. */
  readonly memoryMb: number;
}

/** Files after which a process is replaced, so that a leak in a library stays bounded. */
const RECYCLE_AFTER = 1_000;

/** A maker with details for tests and diagnosis. */
export interface PooledPictureMaker extends PictureMaker {
  /** Ids of the processes that are alive. */
  pids(): readonly number[];
}

/** Creates a maker; its processes start with the first picture. */
export function createPictureMaker({
  processes,
  timeoutMs,
  memoryMb,
  ...limits
}: PictureMakerOptions): PooledPictureMaker {
  const pool = new Pool<PictureTask, PictureResults>({
    runner: { kind: 'child', entry: moduleBeside(import.meta.url, './child'), settings: limits },
    size: processes,
    limits: { timeMs: timeoutMs, memoryMb },
    // What a process keeps comes on top of the memory of its next picture, so it may keep half of the limit at most.
    recycling: { afterJobs: RECYCLE_AFTER, aboveMb: memoryMb / 2, afterLimit: true },
    failure: failureOf,
  });
  return {
    look: (path, animation, signal) => pool.run({ kind: 'look', path, animation }, signal),
    make: (path, wanted, signal) => pool.run({ kind: 'make', path, wanted }, signal),
    pids: () => pool.pids(),
    close: () => pool.close(),
  };
}

function failureOf(end: RunnerEnd): PerennialError {
  if (end.kind === 'memory')
    return new PerennialError(
      'PictureMemoryLimit',
      `Expected a variant to need at most ${String(end.limitMb)} MB, but it took ${String(Math.round(end.bytes / BYTES_PER_MB))} MB. ` +
        'Look at the picture; raise MEDIA_MEMORY_MB if it is legitimate.',
    );
  if (end.kind === 'time')
    return new PerennialError(
      'PictureTimeLimit',
      `Expected a variant to be made within ${String(end.limitMs)} ms, but it was not. ` +
        'Look at the picture; raise MEDIA_TIMEOUT_MS if it is legitimate.',
    );
  return new PerennialError(
    'PictureProcessCrashed',
    `Expected the process that makes pictures to answer, but ${describeEnd(end)}. It is retried; if it repeats, look at the picture.`,
  );
}
