/** Sends files to the API and fetches them from it, which alone opens them. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Unavailable } from '../../client/index.ts';
import type { CliContext, CliServices } from './context.ts';
import { note } from './output.ts';

/** A request to the API about a file. */
export interface FileRequest {
  readonly signal: AbortSignal;
  /** What is sent. @defaultValue nothing is sent, and a file is fetched */
  readonly form?: FormData;
}

/**
 * Asks the API for a file, or gives it one.
 *
 * @throws Unavailable nothing answers at the address of the API
 * @throws Error the API refuses; the message has its reason
 */
export async function askApi(
  { apiUrl, apiKey }: Pick<CliServices, 'apiUrl' | 'apiKey'>,
  address: string,
  { signal, form }: FileRequest,
): Promise<{ readonly body: Readable; readonly headers: Headers }> {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const sent = form === undefined ? {} : { method: 'POST', body: form };
  const response = await fetch(new URL(address, apiUrl), { headers, signal, ...sent }).catch((error: unknown) => {
    throw new Unavailable(`Files come from the API, and the one at ${apiUrl} does not answer. Start it.`, error);
  });
  if (!response.ok || response.body === null) {
    const problem: unknown = await response.json().catch(() => undefined);
    const detail =
      typeof problem === 'object' && problem !== null && 'detail' in problem
        ? String(problem.detail)
        : `status ${response.status}`;
    throw new Error(`The API at ${apiUrl} did not ${form === undefined ? 'give' : 'take'} the file: ${detail}`);
  }
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>); // the same class, declared twice
  return { body, headers: response.headers };
}

/** Writes what was fetched to a file, or to standard output without one. */
export async function writeDownload(context: CliContext, body: Readable, file: string | undefined): Promise<void> {
  if (file === undefined) {
    for await (const chunk of body) context.stdout.write(chunk as Uint8Array); // the body of a fetch gives bytes
    return;
  }
  await pipeline(body, createWriteStream(path.resolve(context.cwd, file)));
  note(context, `Wrote ${file}`);
}
