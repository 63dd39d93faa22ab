/** Derives the text of HTML messages in a thread with limits on time, heap and output. */
import { moduleBeside } from '../../contracts/values/modules.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { BYTES_PER_MB, SECOND_MS } from '../../contracts/values/units.ts';
import { Pool } from '../processes/pool.ts';
import { describeEnd, type RunnerEnd } from '../processes/port.ts';

/** A job of the thread. */
export interface TextTask {
  readonly kind: 'text';
  readonly html: string;
}

interface TextResults extends Readonly<Record<TextTask['kind'], unknown>> {
  readonly text: string;
}

/** Settings of {@link createTexts}. */
export interface TextsOptions {
  /**
   * Working time of the thread for one message, in milliseconds.
   * @defaultValue 20 seconds
   */
  readonly workMs?: number;
}

/** Derives texts from HTML. */
export interface Texts {
  /**
   * Derives the text of HTML.
   * @throws PerennialError `UnreadableHtml`; the signal's reason on abort
   */
  of(html: string, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** Ordinary messages take milliseconds; elements within elements take quadratic time, so a limit is needed. */
const WORK_MS = 20 * SECOND_MS;

/** A million characters of small elements become a tree of some hundred megabytes. */
const HEAP_MB = 512;

/** Texts are about as long as their HTML, which has at most a million characters; links are written out. */
const OUTPUT_BYTES = 16 * BYTES_PER_MB;

/** Time without work after which the thread is ended, in milliseconds. */
const IDLE_MS = 30_000;

/** Creates the pool; its thread starts with the first message. */
export function createTexts({ workMs = WORK_MS }: TextsOptions = {}): Texts {
  const pool = new Pool<TextTask, TextResults>({
    runner: {
      kind: 'thread',
      entry: moduleBeside(import.meta.url, './text-thread'),
      heap: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: HEAP_MB },
    },
    size: 1,
    limits: { timeMs: workMs, outputBytes: OUTPUT_BYTES },
    idleMs: IDLE_MS,
    failure: failureOf,
  });
  return {
    of: (html, signal) => pool.run({ kind: 'text', html }, signal),
    close: () => pool.close(),
  };
}

/** Exceeding a limit is permanent; any other end may be an accident and is retried. */
function failureOf(end: RunnerEnd): PerennialError {
  if (end.kind === 'heap' || end.kind === 'time' || end.kind === 'output')
    return new PerennialError(
      'UnreadableHtml',
      `body: expected HTML that can be converted to text within the limits, but ${describeEnd(end)}. Simplify the HTML.`,
    );
  return new PerennialError(
    'Unexpected',
    `Expected a thread to convert the HTML to text, but ${describeEnd(end)}. It is retried automatically.`,
  );
}
