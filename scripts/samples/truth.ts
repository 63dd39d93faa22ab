/** What a sample document truly holds, and reading that from `truth.json`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FailureType } from '../../contracts/failures.ts';
import type { InvoiceTruth } from './invoices.ts';

/** The folder of the sample documents. */
export const samplesFolder = fileURLToPath(new URL('../../samples/', import.meta.url));

/** What is in them; beside the scripts, so that the folder holds documents only. */
export const truthFile = fileURLToPath(new URL('truth.json', import.meta.url));

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
  return JSON.parse(await readFile(truthFile, 'utf8')) as Record<string, SampleTruth>;
}
