/** One thread for what strangers made, with limits on time, heap and output: how long that takes is theirs to decide. */
import { type FailureType, PerennialError } from '../../contracts/failures.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { Pool } from './pool.ts';
import { describeEnd, type KindOfTask } from './port.ts';

/** Settings of {@link limitedThread}. */
export interface LimitedThreadOptions {
  /** Module that calls `serve`. */
  readonly entry: URL;
  /** Working time for one job, in milliseconds. */
  readonly workMs: number;
  readonly heapMb: number;
  readonly outputMb: number;
  /** What the thread does, for messages, such as `convert the HTML to text`. */
  readonly work: string;
  /** The failure of a job that exceeds a limit, which is permanent. */
  readonly tooMuch: {
    readonly type: FailureType;
    readonly field: string;
    /** What was expected, such as `HTML that can be converted`. */
    readonly expected: string;
    /** What the caller does about it, as a sentence. */
    readonly remedy: string;
  };
}

/** Time without work after which the thread is ended, in milliseconds. */
const IDLE_MS = 30_000;

/** Creates a pool of one thread, which starts with the first job. Any end but that of a limit is retried. */
export function limitedThread<Task extends KindOfTask, Results extends Readonly<Record<Task['kind'], unknown>>>({
  entry,
  workMs,
  heapMb,
  outputMb,
  work,
  tooMuch: { type, field, expected, remedy },
}: LimitedThreadOptions): Pool<Task, Results> {
  return new Pool<Task, Results>({
    runner: { kind: 'thread', entry, heap: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: heapMb } },
    size: 1,
    limits: { timeMs: workMs, outputBytes: outputMb * BYTES_PER_MB },
    idleMs: IDLE_MS,
    failure: (end) => {
      const isTooMuch = end.kind === 'heap' || end.kind === 'time' || end.kind === 'output';
      return isTooMuch
        ? new PerennialError(
            type,
            `${field}: expected ${expected} within the limits, but ${describeEnd(end)}. ${remedy}`,
          )
        : new PerennialError(
            'Unexpected',
            `Expected a thread to ${work}, but ${describeEnd(end)}. It is retried automatically.`,
          );
    },
  });
}
