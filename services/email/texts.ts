/** Derives the text of HTML messages in a thread with limits on time, heap and output. */
import { moduleBeside } from '../../contracts/values/modules.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { limitedThread } from '../processes/limited.ts';

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
const OUTPUT_MB = 16;

/** Creates the converter; its thread starts with the first message. */
export function createTexts({ workMs = WORK_MS }: TextsOptions = {}): Texts {
  const thread = limitedThread<TextTask, TextResults>({
    entry: moduleBeside(import.meta.url, './text-thread'),
    workMs,
    heapMb: HEAP_MB,
    outputMb: OUTPUT_MB,
    work: 'convert the HTML to text',
    tooMuch: {
      type: 'UnreadableHtml',
      field: 'body',
      expected: 'HTML that can be converted to text',
      remedy: 'Simplify the HTML.',
    },
  });
  return {
    of: (html, signal) => thread.run({ kind: 'text', html }, signal),
    close: () => thread.close(),
  };
}
