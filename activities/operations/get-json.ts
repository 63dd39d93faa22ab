/** Gets JSON from a service, as example tasks of retries do. */
import { PerennialError } from '../../contracts/failures.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import type { Downloader } from '../../services/imports/port.ts';
import { boundedText } from './bounded-text.ts';

/** How long one answer may take, in milliseconds. */
const LONGEST_MS = 30 * SECOND_MS;

/**
 * Gets JSON, never from a private network.
 *
 * @throws PerennialError `BackendTimeout` after 30 s; `BackendRejected` for what is no JSON or more than half a megabyte; `AddressNotAllowed`;
 *   what the status of the answer means
 */
export async function getJson(downloader: Downloader, url: string, signal: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.timeout(LONGEST_MS);
  try {
    const { content } = await downloader.open(url, { from: 0, validator: null }, AbortSignal.any([signal, limit]));
    return parsed(await boundedText(content, 'url'));
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    throw new PerennialError('BackendTimeout', `url: expected an answer within ${LONGEST_MS / SECOND_MS} s, got none`);
  }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new PerennialError('BackendRejected', `url: expected JSON, got ${text.length} characters that are none`);
  }
}
