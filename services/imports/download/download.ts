/**
 * Downloads files with limits for redirects, silence and size, never from private networks, and resumes interrupted
 * downloads.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { PassThrough, type Readable } from 'node:stream';
import { failures, PerennialError } from '../../../contracts/failures.ts';
import { httpFailureType } from '../../../contracts/failures/foreign/http.ts';
import { isRetriedClass } from '../../../contracts/failures/rule.ts';
import { shownUrl } from '../../../contracts/imports/vocabulary.ts';
import { type AddressRules, checkUrl, guardedLookup, guardSocket, type Lookup } from './addresses.ts';
import type { Download, Downloader } from '../port.ts';
import { retryAfterMs } from '../../../contracts/values/retry-after.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';

/** Settings of {@link createDownloader}. */
export interface DownloaderOptions extends AddressRules {
  readonly maxRedirects: number;
  /** Time without any data after which a download is given up, in milliseconds. */
  readonly silenceMs: number;
  /**
   * Resolves names.
   * @defaultValue the system's resolver
   */
  readonly lookup?: Lookup;
}

interface Answer {
  readonly url: URL;
  readonly response: IncomingMessage;
}

/** Creates a downloader. */
export function createDownloader(options: DownloaderOptions): Downloader {
  return {
    open: async (address, resume, signal) => {
      const headers: Record<string, string> = {
        'accept-encoding': 'identity',
        'user-agent': 'perennial',
        accept: '*/*',
      };
      const resumes = resume.from > 0 && resume.validator !== null;
      if (resumes && resume.validator !== null) {
        headers['range'] = `bytes=${resume.from}-`;
        headers['if-range'] = resume.validator;
      }
      const answer = await follow(new URL(address), headers, options, signal);
      return toDownload(answer, resumes ? resume.from : 0, options);
    },
  };
}

async function follow(
  start: URL,
  headers: Readonly<Record<string, string>>,
  options: DownloaderOptions,
  signal: AbortSignal,
): Promise<Answer> {
  let url = start;
  for (let redirects = 0; redirects <= options.maxRedirects; redirects += 1) {
    checkUrl(url, options);
    const response = await ask(url, headers, options, signal);
    const target = redirectOf(response, url);
    if (target === undefined) return { url, response };
    response.destroy();
    if (url.protocol === 'https:' && target.protocol === 'http:') throw refusal(url, `a redirect from https to http`);
    url = target;
  }
  throw refusal(start, `more than ${options.maxRedirects} redirects`);
}

function redirectOf(response: IncomingMessage, from: URL): URL | undefined {
  const { location } = response.headers;
  if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0)) return undefined;
  if (location === undefined || !URL.canParse(location, from.href)) throw refusal(from, 'a redirect to nowhere');
  return new URL(location, from);
}

function ask(
  url: URL,
  headers: Readonly<Record<string, string>>,
  options: DownloaderOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      headers,
      signal,
      lookup: guardedLookup(url, options, options.lookup),
      // A pooled connection may have been checked under other rules.
      agent: false,
      timeout: options.silenceMs,
    });
    request.on('socket', (socket) => guardSocket(socket, url, options, (error) => request.destroy(error)));
    request.on('timeout', () => request.destroy(silence(url, options.silenceMs)));
    request.on('response', resolve);
    request.on('error', (error) => reject(signal.aborted ? error : requestError(url, error)));
    request.end();
  });
}

function toDownload({ url, response }: Answer, asked: number, options: DownloaderOptions): Download {
  const status = response.statusCode ?? 0;
  if (status !== 200 && status !== 206) {
    response.destroy();
    throw statusError(url, status, response.headers['retry-after']);
  }
  const encoding = response.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    response.destroy();
    throw refusal(url, `the content encoding ${encoding.slice(0, 40)}, which was not asked for`);
  }
  const from = status === 206 ? asked : 0;
  const length = Number(response.headers['content-length']);
  const size = Number.isSafeInteger(length) && response.headers['content-length'] !== undefined ? from + length : null;
  return {
    content: guarded(url, response, options.silenceMs),
    from,
    size,
    validator: validatorOf(response),
  };
}

/** Returns the strong validator; a weak tag does not promise equal bytes, so no download is resumed by it. */
function validatorOf(response: IncomingMessage): string | null {
  const { etag, 'last-modified': modified } = response.headers;
  if (etag !== undefined && !etag.startsWith('W/')) return etag;
  return modified ?? null;
}

/** Converts errors of the body into failures. Node itself notices an answer shorter than its Content-Length. */
function guarded(url: URL, response: IncomingMessage, silenceMs: number): Readable {
  const content = new PassThrough({ highWaterMark: BYTES_PER_MB });
  response.setTimeout(silenceMs, () => content.destroy(silence(url, silenceMs)));
  response.on('error', (error) => content.destroy(incomplete(url, nameOf(error))));
  response.on('aborted', () => content.destroy(incomplete(url, 'that the server ended the connection early')));
  content.on('close', () => response.destroy());
  return response.pipe(content);
}

function statusError(url: URL, status: number, retryAfter: string | undefined): PerennialError {
  const askedMs = retryAfterMs(retryAfter, Date.now());
  const type = httpFailureType(status, askedMs !== undefined);
  if (type === undefined || !isRetriedClass(failures[type].class)) return refusal(url, `HTTP ${status}`);
  const when = type === 'BackendThrottled' ? 'Retried when the server allows it.' : 'Retried by itself.';
  return new PerennialError(type, `Expected ${shownUrl(url.href)}, got HTTP ${status}. ${when}`, {
    retryAfterMs: askedMs,
    provider: url.host,
  });
}

function requestError(url: URL, error: Error): PerennialError {
  if (error instanceof PerennialError) return error;
  if (nameOf(error) === 'ENOTFOUND') return refusal(url, 'a name that does not exist');
  return new PerennialError(
    'BackendUnavailable',
    `Expected ${shownUrl(url.href)} to answer, got ${nameOf(error)}. Retried by itself.`,
  );
}

function silence(url: URL, ms: number): PerennialError {
  return incomplete(url, `silence for ${ms} ms`);
}

function incomplete(url: URL, found: string): PerennialError {
  return new PerennialError(
    'DownloadIncomplete',
    `Expected all of ${shownUrl(url.href)}, got ${found}. Retried from there.`,
  );
}

function refusal(url: URL, found: string): PerennialError {
  return new PerennialError('DownloadRefused', `url: expected a file at ${shownUrl(url.href)}, got ${found}.`);
}

function nameOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
