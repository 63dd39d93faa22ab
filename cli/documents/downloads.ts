/** Fetches files of documents from the API. */
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { askApi, writeDownload } from '../terminal/api-files.ts';
import { UsageError, withServices } from '../terminal/context.ts';
import { findDocument } from './lookup.ts';
import type { DocumentContext } from './ports.ts';

/** `perennial documents get`: writes the file of a document, as it was given, to a file or to standard output. */
export async function getOriginal(context: DocumentContext, id: string, options: { file?: string }): Promise<number> {
  if (options.file === undefined && context.stdout.isTTY)
    throw new UsageError('A document is no text for a terminal: name a file with --file FILE.');
  return withServices(context, async (services) => {
    const document = await findDocument(services, id);
    const { body } = await askApi(services, `/v1/documents/${document.id}/original`, { signal: context.signal });
    await writeDownload(context, body, options.file);
    return exitCodes.ok;
  });
}
