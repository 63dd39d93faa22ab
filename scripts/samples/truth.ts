/** Reads the true content of the sample documents from `truth.json`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FailureType } from '../../contracts/failures.ts';
import type { InvoiceTruth } from './invoices.ts';

/** Path of the folder of the sample documents. */
export const samplesFolder = fileURLToPath(new URL('../../samples/', import.meta.url));

/** Path of `truth.json`, which is beside the scripts so that the folder of samples contains only documents. */
export const truthFile = fileURLToPath(new URL('truth.json', import.meta.url));

/** One entry of `truth.json`. */
export interface SampleTruth {
  readonly pages: number;
  /** The true text of each page, upright and with the printed line breaks; a comparison should collapse white space. */
  readonly text: readonly string[];
  readonly expect: 'completed' | FailureType;
  readonly note: string;
  readonly invoice?: InvoiceTruth;
}

/** Reads `truth.json` and returns its entries by file name. */
export async function readTruth(): Promise<Readonly<Record<string, SampleTruth>>> {
  return JSON.parse(await readFile(truthFile, 'utf8')) as Record<string, SampleTruth>;
}
