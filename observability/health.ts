/** Liveness and readiness: the pure verdict, and the small server that workers run. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CheckText } from '../contracts/housekeeping/vocabulary.ts';
import { PerennialError } from '../contracts/failures.ts';
import { TimeIsUp, withinLimit } from '../contracts/values/within-limit.ts';
import { refuseBrowser } from './browsers.ts';
import { maskSecrets } from './redact.ts';

/** Checks one part; an error that it throws becomes `error: …`. */
export type Check = () => Promise<CheckText>;

/** Body of `/health/ready`. */
export interface Readiness {
  readonly status: 'ready' | 'degraded' | 'not_ready';
  /** ISO time, UTC. */
  readonly timestamp: string;
  readonly checks: Readonly<Record<string, CheckText>>;
}

/** Combines checks to a verdict: the worst one decides, and any verdict but `ready` is answered with 503. */
export function readiness(
  checks: Readonly<Record<string, CheckText>>,
  now: Date = new Date(),
): { readonly httpStatus: 200 | 503; readonly body: Readiness } {
  const texts = Object.values(checks);
  const status = texts.some((text) => text.startsWith('error'))
    ? 'not_ready'
    : texts.some((text) => text.startsWith('warning'))
      ? 'degraded'
      : 'ready';
  return { httpStatus: status === 'ready' ? 200 : 503, body: { status, timestamp: now.toISOString(), checks } };
}

/**
 * Formats the state of the workers.
 *
 * @param count - processes that work
 * @param unserved - queues that none of them serves
 */
export function workersCheck(count: number, unserved: readonly string[] = []): CheckText {
  if (count === 0) return 'warning: no workers';
  return unserved.length === 0 ? `ok (${String(count)} workers)` : `warning: no worker serves ${unserved.join(', ')}`;
}

/**
 * Runs checks concurrently, each with a time limit, so that a check that hangs does not hang the probe.
 * @param tell - formats the text after `error: ` for what check `name` threw.
 * @defaultValue its message, secrets masked
 */
export async function runChecks(
  checks: Readonly<Record<string, Check>>,
  timeoutMs = 3000,
  tell: (error: unknown, name: string) => string = (error) =>
    maskSecrets(error instanceof Error ? error.message : String(error)),
): Promise<Record<string, CheckText>> {
  const results = await Promise.all(
    Object.entries(checks).map(
      async ([name, check]) => [name, await runCheck(check, timeoutMs, (error) => tell(error, name))] as const,
    ),
  );
  return Object.fromEntries(results);
}

async function runCheck(check: Check, timeoutMs: number, tell: (error: unknown) => string): Promise<CheckText> {
  try {
    return await withinLimit(check, timeoutMs);
  } catch (error) {
    return `error: ${error instanceof TimeIsUp ? error.message : tell(error)}`;
  }
}

/** What {@link createReadiness} needs. */
export interface ReadinessOptions {
  readonly checks: Readonly<Record<string, Check>>;
  /**
   * Longest time of one check, in milliseconds.
   * @defaultValue 3000
   */
  readonly checkTimeoutMs?: number | undefined;
  /**
   * Time that an answer is reused, in milliseconds, so that frequent probes cost one run of the checks.
   * @defaultValue 1000
   */
  readonly cacheMs?: number | undefined;
  /** Receives what a check threw. Answers omit it, because anybody may ask and messages name hosts. */
  readonly onError?: ((name: string, error: unknown) => void) | undefined;
}

/** Returns the answer of `/health/ready`. */
export type AskReadiness = () => Promise<ReturnType<typeof readiness>>;

/** Creates the answer of `/health/ready`. Concurrent requests, and those shortly after, receive the same answer. */
export function createReadiness({ checks, checkTimeoutMs, cacheMs = 1000, onError }: ReadinessOptions): AskReadiness {
  let last: { readonly at: number; readonly answer: ReturnType<AskReadiness> } | undefined;
  const look: AskReadiness = async () => {
    const texts = await runChecks(checks, checkTimeoutMs, (error, name) => {
      onError?.(name, error);
      return publicReason(error);
    });
    return readiness(texts);
  };
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= cacheMs) last = { at: now, answer: look() };
    return last.answer;
  };
}

/** Returns the kind of an error without its message, which may name hosts and addresses. */
function publicReason(error: unknown): string {
  if (error instanceof PerennialError) return error.type;
  const { code, name } = (error ?? {}) as Partial<NodeJS.ErrnoException>; // whatever was thrown may be asked for them
  if (typeof code === 'string' && /^[A-Z][A-Z_]{2,30}$/.test(code)) return code;
  return name !== undefined && name !== 'Error' && /^[A-Z][A-Za-z]{2,40}$/.test(name) ? name : 'failed, see the log';
}

/** What {@link startHealthServer} needs. */
export interface HealthServerOptions extends Omit<ReadinessOptions, 'checks'> {
  /**
   * Checks of `/health/ready`.
   * @defaultValue none, and only `/metrics` is answered
   */
  readonly checks?: ReadinessOptions['checks'] | undefined;
  /**
   * Interface to listen on.
   * @defaultValue 127.0.0.1
   */
  readonly host?: string;
  /** Port; 0 for any free one. */
  readonly port: number;
  /**
   * Allowed host names besides `localhost` and addresses.
   * @defaultValue none
   */
  readonly hosts?: readonly string[];
  /**
   * Returns the body of `/metrics`, in the text format of Prometheus.
   * @defaultValue an empty body
   */
  readonly metrics?: () => Promise<string>;
}

/** A running health server. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `/metrics`, and with checks `/health`, `/health/live` and `/health/ready`. Rejects when the port is taken. */
export async function startHealthServer({
  host = '127.0.0.1',
  port,
  hosts = [],
  metrics = () => Promise.resolve(''),
  checks,
  ...readinessOptions
}: HealthServerOptions): Promise<HealthServer> {
  const ask = checks === undefined ? undefined : createReadiness({ checks, ...readinessOptions });
  const server = createServer((request, response) => {
    // `ask` never rejects, because an error of a check becomes its text.
    void answer(request, hosts, { ask, metrics }).then((found) => {
      send(response, found);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo; // a listening TCP server has one
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: object | string;
}

async function answer(
  request: IncomingMessage,
  hosts: readonly string[],
  { ask, metrics }: { readonly ask: AskReadiness | undefined; readonly metrics: () => Promise<string> },
): Promise<Answer> {
  const refused = refuseBrowser(request, hosts);
  if (refused !== undefined) return { status: refused.status, body: { error: refused.detail } };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, body: { error: 'expected GET or HEAD' } };
  const [path = ''] = (request.url ?? '').split(/[?#]/, 1);
  const asked = path.replace(/\/$/, '');
  if (asked === '/metrics') return figures(metrics);
  const expected = ask === undefined ? '/metrics' : '/health, /health/live, /health/ready or /metrics';
  return (await healthAt(asked, ask)) ?? { status: 404, body: { error: `expected ${expected}` } };
}

async function figures(metrics: () => Promise<string>): Promise<Answer> {
  try {
    return { status: 200, body: await metrics() };
  } catch {
    return { status: 500, body: { error: 'the figures could not be read' } };
  }
}

async function healthAt(path: string, ask: AskReadiness | undefined): Promise<Answer | undefined> {
  if (ask === undefined) return undefined;
  const timestamp = new Date().toISOString();
  switch (path) {
    case '/health':
      return { status: 200, body: { status: 'healthy', timestamp } };
    case '/health/live':
      return { status: 200, body: { status: 'alive', timestamp } };
    case '/health/ready': {
      const { httpStatus, body } = await ask();
      return { status: httpStatus, body };
    }
    default:
      return undefined;
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(isText ? body : JSON.stringify(body));
}
