import { access } from 'node:fs/promises';
import path from 'node:path';
import type { BatchStart } from '../../client/index.ts';
import type { OcrBackend } from '../../contracts/documents/vocabulary.ts';
import { requireAllowed } from '../terminal/allowed-paths.ts';
import { starting, UsageError, withServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { followBatch } from './follow.ts';
import { note, print, printJson } from '../terminal/output.ts';
import type { DocumentContext } from './ports.ts';

/** Options of `perennial ocr`, as commander gives them. */
export interface OcrOptions {
  readonly backend?: OcrBackend;
  readonly language?: string;
  /** False after `--no-preprocess`. */
  readonly preprocess: boolean;
  readonly forceOcr?: boolean;
  readonly id?: string;
  readonly json?: boolean;
  readonly follow?: boolean;
}

/** `perennial ocr`: starts one batch that reads the given files and folders. */
export async function ocr(context: DocumentContext, given: readonly string[], options: OcrOptions): Promise<number> {
  const paths = given.map((entry) => path.resolve(context.cwd, entry));
  await requireExisting(paths);
  return withServices(context, async (services) => {
    await requireAllowed(services, paths);
    const batch = await starting(services.client.documents.batchOcr(batchInput(paths, options), { id: options.id }));
    const { id = batch.id } = options; // an id is answered as it was typed
    if (options.follow) {
      note(context, `Started ${id}`);
      return followBatch(context, services, batch, options.json === true);
    }
    if (options.json) printJson(context, { id });
    else print(context, `Started ${id}\nWatch it with: perennial status ${id} --follow`);
    return exitCodes.ok;
  });
}

/** Refuses missing paths before a batch is started. */
async function requireExisting(paths: readonly string[]): Promise<void> {
  for (const entry of paths) {
    await access(entry).catch(() => {
      throw new UsageError(`There is no file or folder ${entry}.`);
    });
  }
}

function batchInput(paths: readonly string[], { backend, language, preprocess, forceOcr }: OcrOptions): BatchStart {
  return {
    paths: [...paths],
    ...(backend === undefined ? {} : { backend }),
    ...(language === undefined ? {} : { language }),
    // Options that were not given are not sent, because only the workflow knows the defaults.
    ...(preprocess ? {} : { preprocess: false }),
    ...(forceOcr ? { forceOcr: true } : {}),
  };
}
