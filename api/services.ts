/** What every handler of the API uses; these are ports, so that tests can pass fakes. */
import type { PerennialClient } from '../client/index.ts';
import type { PluggableDomain } from '../contracts/pluggable.ts';
import type { BlobStore } from '../services/blobs/port.ts';
import type { KeptAnswers } from '../services/answers/port.ts';
import type { AbuseSettings } from './http/abuse.ts';
import type { OriginRules } from './http/origins.ts';

/** Limits and keys of the API. */
export interface ApiSettings extends OriginRules {
  /** When set, every request needs it, except requests for health and documentation. */
  readonly key?: string | undefined;
  /** Opens every route. Unset: nobody reaches the routes of administrators while `key` is set. Set without `key`: every request needs it. */
  readonly adminKey?: string | undefined;
  /** Host names that a request may name, besides `localhost` and IP addresses. */
  readonly hosts: readonly string[];
  /** Domains that the application does not have. @defaultValue none */
  readonly without?: readonly PluggableDomain[];
  /** Addresses and networks whose `X-Forwarded-For` is believed, in Express's notation, for example `10.0.0.0/8`. */
  readonly trustedProxies: readonly string[];
  /** File of the program of the reference page. @defaultValue none, and the page is a list */
  readonly reference?: string | undefined;
  readonly abuse: AbuseSettings;
  /** Largest file of an upload, in bytes. */
  readonly uploadMaxBytes: number;
  /** Most files in one upload. @defaultValue 100 */
  readonly uploadMaxFiles?: number;
  /** Time between two reads of the progress for server-sent events, in milliseconds. @defaultValue 500 */
  readonly eventIntervalMs?: number;
  /** Time between two heartbeat comments, in milliseconds; proxies close silent connections. @defaultValue 15,000 */
  readonly heartbeatMs?: number;
  /** Most streams of events at once. @defaultValue 200 */
  readonly maxListeners?: number;
  /** Most streams of events of one caller. @defaultValue 50 */
  readonly maxListenersOfOne?: number;
  /** Time in which a reader of events must take what was sent, in milliseconds. @defaultValue 30,000 */
  readonly stallMs?: number;
  /** How long a request waits for the result of a job before it is answered with 202, in milliseconds. @defaultValue 25,000 */
  readonly waitMs?: number;
  /** How long a request waits for the answer of another one with its `Idempotency-Key`, in milliseconds. @defaultValue 5,000 */
  readonly twinWaitMs?: number;
}

/** Writes lines of the log; pino's logger satisfies it. */
export interface ApiLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the handlers of every domain may use; a domain adds ports of its own in its `ports.ts`. */
export interface ApiServices {
  readonly client: PerennialClient;
  readonly blobs: BlobStore;
  /** Answers to requests with an `Idempotency-Key`. */
  readonly answers: KeptAnswers;
  readonly settings: ApiSettings;
  /** Aborted when the process is told to stop, so that open event streams end. */
  readonly closing?: AbortSignal;
  readonly logger: ApiLogger;
}
