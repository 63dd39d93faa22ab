/** Limits for each caller: request rates, wrong keys and bytes of uploads, counted in the memory of this process. */
import ipaddr from 'ipaddr.js';
import type { Request } from 'express';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { HOUR_MS, MINUTE_MS } from '../../contracts/values/units.ts';
import { HttpError } from './problem.ts';

/** Limits for one caller. */
export interface AbuseSettings {
  /** Requests per second from one address. A burst of ten times as many is allowed once a minute. */
  readonly ratePerAddress: number;
  /** Requests per second with one key. A burst of ten times as many is allowed once a minute. */
  readonly ratePerKey: number;
  /** Wrong keys that an address may send before it is locked out. */
  readonly wrongKeys: number;
  /** Duration of a lockout, and of the window in which wrong keys are counted, in milliseconds. */
  readonly lockoutMs: number;
  /** Bytes that one address may upload in one hour. */
  readonly uploadBytesPerHour: number;
}

/** Counts what callers do; each method throws when its limit is exceeded. */
export interface AbuseGuard {
  /** Counts a request from an address. @throws HttpError 429 */
  request(address: string): Promise<void>;
  /** Counts a request with a key, by the name of the key. @throws HttpError 429 */
  keyed(key: string): Promise<void>;
  /** Refuses an address that is locked out, whatever key it sends. @throws HttpError 429 */
  checkLockout(address: string): Promise<void>;
  /** Counts a wrong key. */
  wrongKey(address: string): Promise<void>;
  /** Counts the bytes of an upload. @throws HttpError 429 */
  upload(address: string, bytes: number): Promise<void>;
}

const BURST = 10;

/** Makes the guard of one application. */
export function createAbuseGuard(settings: AbuseSettings): AbuseGuard {
  const perAddress = bursty('address', settings.ratePerAddress);
  const perKey = bursty('key', settings.ratePerKey);
  const wrong = new RateLimiterMemory({ points: settings.wrongKeys, duration: settings.lockoutMs / 1000 });
  const uploads = new RateLimiterMemory({ points: settings.uploadBytesPerHour, duration: HOUR_MS / 1000 });
  return {
    request: (address) => within(perAddress.consume(address), 'requests from your address'),
    keyed: (key) => within(perKey.consume(key), 'requests with this key'),
    checkLockout: async (address) => {
      const known = await wrong.get(address);
      if (known !== null && known.consumedPoints >= settings.wrongKeys)
        throw tooMany('wrong keys from your address', known);
    },
    wrongKey: async (address) => {
      await wrong.penalty(address);
    },
    upload: (address, bytes) => within(uploads.consume(address, bytes), 'bytes of uploads from your address'),
  };
}

function bursty(keyPrefix: string, perSecond: number): BurstyRateLimiter {
  return new BurstyRateLimiter(
    new RateLimiterMemory({ keyPrefix, points: perSecond, duration: 1 }),
    new RateLimiterMemory({ keyPrefix: `${keyPrefix}-burst`, points: BURST * perSecond, duration: MINUTE_MS / 1000 }),
  );
}

async function within(counted: Promise<RateLimiterRes>, what: string): Promise<void> {
  try {
    await counted;
  } catch (error) {
    throw error instanceof RateLimiterRes ? tooMany(what, error) : error;
  }
}

function tooMany(what: string, { msBeforeNext }: RateLimiterRes): HttpError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new HttpError(429, `Too many ${what}. Try again in ${seconds} s.`, { 'retry-after': String(seconds) });
}

const IPV6_NETWORK = 4;

/** Names the caller of a request: an IPv4 address, or the /64 network of an IPv6 address, because one caller usually has a whole network. */
export function callerOf({ ip = '' }: Request): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip); // `::ffff:192.0.2.1` is the IPv4 address 192.0.2.1.
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  return `${address.parts
    .slice(0, IPV6_NETWORK)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
