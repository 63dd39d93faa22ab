/** What a sample document truly holds, and reading that from `samples/truth.json`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FailureType } from '../../contracts/failures.ts';
import type { InvoiceTruth } from './invoices.ts';

/** The folder of the sample documents. */
export const samplesFolder = fileURLToPath(new URL('../../samples/', import.meta.url));

/** One entry of `truth.json`. */
export interface SampleTruth {
  readonly pages: number;
  /** The true text of each page, upright, with the printed line breaks; compare with white space collapsed. */
  readonly text: readonly string[];
  readonly expect: 'completed' | FailureType;
  readonly note: string;
  readonly invoice?: InvoiceTruth;
}

/** Reads `truth.json`: file name to truth. */
export async function readTruth(): Promise<Readonly<Record<string, SampleTruth>>> {
  return JSON.parse(await readFile(`${samplesFolder}truth.json`, 'utf8')) as Record<string, SampleTruth>;
}
