/** Reads invoices in a thread with limits on time, heap and output. */
import { PerennialError } from '../../contracts/failures.ts';
import { moduleBeside } from '../../contracts/values/modules.ts';
import { BYTES_PER_MB, SECOND_MS } from '../../contracts/values/units.ts';
import { Pool } from '../processes/pool.ts';
import { describeEnd, type RunnerEnd } from '../processes/port.ts';
import type { InvoiceData, InvoiceReader } from './port.ts';

/** A job of the thread. */
export interface InvoiceTask {
  readonly kind: 'invoice';
  /** The pages as JSON, which the thread parses in place of the worker. */
  readonly pages: readonly string[];
}

interface InvoiceResults extends Readonly<Record<InvoiceTask['kind'], unknown>> {
  readonly invoice: InvoiceData;
}

/** Settings of {@link createInvoiceReader}. */
export interface InvoiceReaderOptions {
  /**
   * Working time of the thread for one document, in milliseconds.
   * @defaultValue 60 seconds
   */
  readonly workMs?: number;
}

/** Invoices take milliseconds; fifty pages that are full of numbers and labels take seconds. */
const WORK_MS = 60 * SECOND_MS;

const HEAP_MB = 512;

/** The lines of the longest invoices are a tenth of this. */
const OUTPUT_BYTES = 8 * BYTES_PER_MB;

/** Time without work after which the thread is ended, in milliseconds. */
const IDLE_MS = 30_000;

/** Creates the reader; its thread starts with the first invoice. */
export function createInvoiceReader({ workMs = WORK_MS }: InvoiceReaderOptions = {}): InvoiceReader {
  const pool = new Pool<InvoiceTask, InvoiceResults>({
    runner: {
      kind: 'thread',
      entry: moduleBeside(import.meta.url, './invoice-thread'),
      heap: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: HEAP_MB },
    },
    size: 1,
    limits: { timeMs: workMs, outputBytes: OUTPUT_BYTES },
    idleMs: IDLE_MS,
    failure: failureOf,
  });
  return {
    read: (pages, signal) => pool.run({ kind: 'invoice', pages }, signal),
    close: () => pool.close(),
  };
}

/** Exceeding a limit is permanent; any other end may be an accident and is retried. */
function failureOf(end: RunnerEnd): PerennialError {
  if (end.kind === 'heap' || end.kind === 'time' || end.kind === 'output')
    return new PerennialError(
      'UnreadableInvoice',
      `document: expected an invoice that can be read within the limits, but ${describeEnd(end)}. Split the document.`,
    );
  return new PerennialError(
    'Unexpected',
    `Expected a thread to read the invoice, but ${describeEnd(end)}. It is retried automatically.`,
  );
}
