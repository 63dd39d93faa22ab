/** Reads messages in a thread with limits on time, heap and output, because anybody may have written them. */
import { moduleBeside } from '../../contracts/values/modules.ts';
import { BYTES_PER_MB, SECOND_MS } from '../../contracts/values/units.ts';
import { Pool } from '../../services/processes/pool.ts';
import { describeEnd } from '../../services/processes/port.ts';

/** What is told about a message in lists. */
export interface MailSummary {
  readonly subject: string;
  readonly messageId: string;
}

/** A part of a message that is downloaded. */
export interface MailAttachment {
  readonly filename: string | null;
  readonly contentType: string;
  /** Size in bytes. */
  readonly size: number;
}

/** A message as it is shown. Texts of more than a million characters are cut. */
export interface MailView {
  readonly from: string | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly MailAttachment[];
}

/** A job of the thread. */
export type ReadingTask =
  | { readonly kind: 'summary'; readonly raw: Uint8Array }
  | { readonly kind: 'view'; readonly raw: Uint8Array }
  | { readonly kind: 'attachment'; readonly raw: Uint8Array; readonly number: number };

/** The result of each kind of job. */
export interface ReadingResults extends Readonly<Record<ReadingTask['kind'], unknown>> {
  readonly summary: MailSummary;
  readonly view: MailView;
  readonly attachment: { readonly filename: string | null; readonly content: Uint8Array } | undefined;
}

/** A message takes more time or memory to read than one may, or is none. */
export class UnreadableMail extends Error {
  override readonly name = 'UnreadableMail';
}

/** Settings of {@link createMailReader}. */
export interface MailReaderOptions {
  /**
   * Working time of the thread for one message, in milliseconds.
   * @defaultValue 5 seconds
   */
  readonly workMs?: number;
}

/** Reads messages. All methods throw {@link UnreadableMail}. */
export interface MailReader {
  summary(raw: Uint8Array): Promise<MailSummary>;
  view(raw: Uint8Array): Promise<MailView>;
  /** @param number - position in `attachments` of the view */
  attachment(raw: Uint8Array, number: number): Promise<ReadingResults['attachment']>;
  close(): Promise<void>;
}

/** Reading takes well under a second; millions of lines or parts take quadratic time. */
const WORK_MS = 5 * SECOND_MS;

/** Attachments lie outside of the heap. The end of a thread with a larger heap is felt by the whole process. */
const HEAP_MB = 128;

/** Bytes of the largest answer, an attachment. */
const OUTPUT_BYTES = 64 * BYTES_PER_MB;

/** Time without work after which the thread is ended, in milliseconds. */
const IDLE_MS = 60_000;

/** Creates the pool; its thread starts with the first message. */
export function createMailReader({ workMs = WORK_MS }: MailReaderOptions = {}): MailReader {
  const pool = new Pool<ReadingTask, ReadingResults>({
    runner: {
      kind: 'thread',
      entry: moduleBeside(import.meta.url, './reading-thread'),
      heap: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: HEAP_MB },
    },
    size: 1,
    limits: { timeMs: workMs, outputBytes: OUTPUT_BYTES },
    idleMs: IDLE_MS,
    failure: (end) =>
      new UnreadableMail(`expected a message that can be read within the limits, but ${describeEnd(end)}`),
  });
  const never = new AbortController().signal;
  return {
    summary: (raw) => pool.run({ kind: 'summary', raw }, never),
    view: (raw) => pool.run({ kind: 'view', raw }, never),
    attachment: (raw, number) => pool.run({ kind: 'attachment', raw, number }, never),
    close: () => pool.close(),
  };
}
