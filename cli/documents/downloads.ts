/** Fetches files of documents from the API, which alone opens them. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Unavailable } from '../../client/index.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { UsageError, withServices } from '../terminal/context.ts';
import { note } from '../terminal/output.ts';
import { findDocument } from './lookup.ts';
import type { DocumentContext, DocumentServices } from './ports.ts';

/** `perennial documents get`: writes the file of a document, as it was given, to a file or to standard output. */
export async function getOriginal(context: DocumentContext, id: string, options: { file?: string }): Promise<number> {
  if (options.file === undefined && context.stdout.isTTY)
    throw new UsageError('A document is no text for a terminal: name a file with --file FILE.');
  return withServices(context, async (services) => {
    const document = await findDocument(services, id);
    const { body } = await download(services, `/v1/documents/${document.id}/original`, context.signal);
    await writeDownload(context, body, options.file);
    return exitCodes.ok;
  });
}

/**
 * Asks the API for a file.
 *
 * @throws Unavailable nothing answers at the address of the API
 * @throws Error the API refuses; the message has its reason
 */
export async function download(
  { apiUrl, apiKey }: DocumentServices,
  address: string,
  signal: AbortSignal,
): Promise<{ readonly body: Readable; readonly headers: Headers }> {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const response = await fetch(new URL(address, apiUrl), { headers, signal }).catch((error: unknown) => {
    throw new Unavailable(`Files come from the API, and the one at ${apiUrl} does not answer. Start it.`, error);
  });
  if (!response.ok || response.body === null) {
    const problem: unknown = await response.json().catch(() => undefined);
    const detail =
      typeof problem === 'object' && problem !== null && 'detail' in problem
        ? String(problem.detail)
        : `status ${response.status}`;
    throw new Error(`The API at ${apiUrl} did not give the file: ${detail}`);
  }
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>); // the same class, declared twice
  return { body, headers: response.headers };
}

/** Writes what was fetched to a file, or to standard output without one. */
export async function writeDownload(context: DocumentContext, body: Readable, file: string | undefined): Promise<void> {
  if (file === undefined) {
    for await (const chunk of body) context.stdout.write(chunk as Uint8Array); // the body of a fetch gives bytes
    return;
  }
  await pipeline(body, createWriteStream(path.resolve(context.cwd, file)));
  note(context, `Wrote ${file}`);
}
