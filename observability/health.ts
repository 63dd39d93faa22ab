/** Liveness and readiness (HEALTH-1 to HEALTH-3): the pure verdict, and the small server that workers run. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CheckText } from '../contracts/housekeeping/vocabulary.ts';
import { maskSecrets } from './redact.ts';

/** Looks at one thing; what it throws becomes `error: …`. */
export type Check = () => Promise<CheckText>;

/** Body of `/health/ready`. */
export interface Readiness {
  readonly status: 'ready' | 'degraded' | 'not_ready';
  /** ISO time, UTC. */
  readonly timestamp: string;
  readonly checks: Readonly<Record<string, CheckText>>;
}

/** The verdict over several checks: the worst of them wins; anything but `ready` is answered with 503. */
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

/** What a check of worker counts says, in the words of HEALTH-2. */
export function workersCheck(count: number): CheckText {
  return count === 0 ? 'warning: no workers' : `ok (${String(count)} workers)`;
}

/** Runs checks side by side, each with a time limit, so that one that hangs does not hang the probe. */
export async function runChecks(
  checks: Readonly<Record<string, Check>>,
  timeoutMs = 3000,
): Promise<Record<string, CheckText>> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check, timeoutMs)] as const),
  );
  return Object.fromEntries(results);
}

async function runCheck(check: Check, timeoutMs: number): Promise<CheckText> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckText>((resolve) => {
    timer = setTimeout(() => {
      resolve(`error: no answer within ${String(timeoutMs)} ms`);
    }, timeoutMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return `error: ${maskSecrets(error instanceof Error ? error.message : String(error))}`;
  } finally {
    clearTimeout(timer);
  }
}

/** What {@link startHealthServer} needs. */
export interface HealthServerOptions {
  /** Interface to listen on. @defaultValue 127.0.0.1 */
  readonly host?: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Asked for each `/health/ready`. */
  readonly checks: Readonly<Record<string, Check>>;
  /** Longest time that one check may take, in milliseconds. @defaultValue 3000 */
  readonly checkTimeoutMs?: number;
}

/** A running health server. */
export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `/health`, `/health/live` and `/health/ready`. Rejects when the port is taken. */
export async function startHealthServer({
  host = '127.0.0.1',
  port,
  checks,
  checkTimeoutMs = 3000,
}: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const [whole = ''] = (request.url ?? '').split(/[?#]/, 1);
    const path = whole.replace(/\/$/, '');
    const timestamp = new Date().toISOString();
    if (request.method !== 'GET' && request.method !== 'HEAD') send(response, 405, { error: 'expected GET or HEAD' });
    else if (path === '/health') send(response, 200, { status: 'healthy', timestamp });
    else if (path === '/health/live') send(response, 200, { status: 'alive', timestamp });
    else if (path === '/health/ready') {
      void runChecks(checks, checkTimeoutMs).then((texts) => {
        const { httpStatus, body } = readiness(texts);
        send(response, httpStatus, body);
      });
    } else send(response, 404, { error: 'expected /health, /health/live or /health/ready' });
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

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
