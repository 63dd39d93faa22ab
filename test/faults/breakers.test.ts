/** Kills the worker that probes a provider, and the database that holds the breaker: the breaker goes on where it was. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createBreakerRecords } from '../../services/breakers/records.ts';
import { PROBE_LEASE_MS } from '../../services/breakers/port.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';
import { eventually } from '../support/tasks.ts';

const ASK = 'operations.circuitBreakerTask';
const BY = { by: 'a person', reason: 'the provider is away' };

let world: TestStack;
let faults: Faults;
let provider: Server;

beforeAll(async () => {
  world = await startTestStack({ workers: TWO_WORKERS, env: { IMPORT_ALLOWED_HOSTS: '127.0.0.1' } });
  faults = await createFaults(world);
});
afterEach(() => {
  provider.closeAllConnections();
  provider.close();
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

/** A provider that notes when it is asked; the first so many are not answered. */
async function startProvider({ silentFor }: { readonly silentFor: number }) {
  const asked: number[] = [];
  const answer = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  };
  provider = createServer((_request, response) => {
    asked.push(Date.now());
    if (asked.length > silentFor) answer(response);
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as AddressInfo; // it listens
  return { asked, url: `http://127.0.0.1:${port}/health` };
}

/** Opens the breaker of a provider for a while, and gives calls that wait for it. */
async function openedWith(calls: number, url: string, forMs: number) {
  await createBreakerRecords(world.database).open(url, BY, forMs);
  const openedAt = Date.now();
  const runs = await Promise.all(
    Array.from({ length: calls }, () => world.client.task(ASK).call({ service_url: url })),
  );
  return { openedAt, runs };
}

const breaker = async (key: string) => createBreakerRecords(world.database).find(key);

it('RETRY-6 when the worker that probes is killed, a call on another one probes once the lease is over', async () => {
  const { asked, url } = await startProvider({ silentFor: 1 });
  const { runs } = await openedWith(3, url, 1_000);
  await eventually(() => asked.length === 1);
  const probing = (await Promise.all(runs.map(({ id }) => faults.running(id, ASK)))).flat();
  expect(probing).toHaveLength(1);
  const killedAt = Date.now();
  process.kill(probing[0]!.pid, 'SIGKILL');
  expect(await breaker(url)).toMatchObject({ state: 'half-open' });
  for (const run of runs) expect(await run.result({ timeoutMs: 90_000 })).toMatchObject({ status: 'completed' });
  // The dead probe was renewed at most once after the call, and nobody called meanwhile.
  expect((asked[1] ?? 0) - killedAt).toBeGreaterThan(PROBE_LEASE_MS - 6_000);
  expect(asked).toHaveLength(1 + runs.length);
  expect(await breaker(url)).toMatchObject({ state: 'closed', failures: 0, parked: 0 });
});

it('RETRY-6 an open breaker outlives its database: no call is made early, and one probes when it may', async () => {
  const { asked, url } = await startProvider({ silentFor: 0 });
  const OPEN_MS = 6_000;
  const { openedAt, runs } = await openedWith(3, url, OPEN_MS);
  await eventually(async () => (await breaker(url))?.parked === runs.length);
  // Away for some seconds: whoever starts it again finds it killed again.
  for (let times = 0; times < 3; times += 1) {
    const { postgres } = world.stack.processes;
    await eventually(() => postgres?.pid !== undefined);
    faults.kill('postgres');
    await sleep(700);
  }
  await eventually(() => breaker(url).then((found) => found?.state === 'open'));
  for (const run of runs) expect(await run.result({ timeoutMs: 90_000 })).toMatchObject({ status: 'completed' });
  expect((asked[0] ?? 0) - openedAt).toBeGreaterThan(OPEN_MS - 100);
  expect(asked).toHaveLength(runs.length);
  expect(await breaker(url)).toMatchObject({ state: 'closed', parked: 0 });
});
