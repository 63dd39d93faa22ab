/** Reads invoices in a thread with limits on time, heap and output. */
import { moduleBeside } from '../../contracts/values/modules.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { limitedThread } from '../processes/limited.ts';
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
const OUTPUT_MB = 8;

/** Creates the reader; its thread starts with the first invoice. */
export function createInvoiceReader({ workMs = WORK_MS }: InvoiceReaderOptions = {}): InvoiceReader {
  const thread = limitedThread<InvoiceTask, InvoiceResults>({
    entry: moduleBeside(import.meta.url, './invoice-thread'),
    workMs,
    heapMb: HEAP_MB,
    outputMb: OUTPUT_MB,
    work: 'read the invoice',
    tooMuch: {
      type: 'UnreadableInvoice',
      field: 'document',
      expected: 'an invoice that can be read',
      remedy: 'Split the document.',
    },
  });
  return {
    read: (pages, signal) => thread.run({ kind: 'invoice', pages }, signal),
    close: () => thread.close(),
  };
}
