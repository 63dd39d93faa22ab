/** Breakers against a real server, real workers and a real HTTP service: what is called, and what waits. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBreakerRecords } from '../../../services/breakers/records.ts';
import { eventually, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
const servers: Server[] = [];
beforeAll(async () => {
  world = await startTaskWorld();
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => world.stop());

/** Half of the delay between two attempts, 180 s, as workers of tests scale it. */
const HALF_A_DELAY_MS = 900;

/** A service that is away until a test says otherwise, and counts who asks. */
async function startService({ takesMs = 0 } = {}) {
  const seen = { requests: 0, running: 0, most: 0, up: false, at: [] as number[] };
  const server = createServer((_request, response) => {
    seen.requests += 1;
    seen.at.push(Date.now());
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    setTimeout(() => {
      seen.running -= 1;
      response.writeHead(seen.up ? 200 : 503, { 'content-type': 'application/json' }).end('{"ok":true}');
    }, takesMs);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens
  return { seen, url: `http://127.0.0.1:${port}/health` };
}

const ask = (service_url: string) => world.client.task('operations.circuitBreakerTask').call({ service_url });

async function isOpen(key: string): Promise<boolean> {
  const { rows } = await world.database.db.query('select 1 from breakers where key = $1 and opened_at is not null', [
    key,
  ]);
  return rows.length > 0;
}

async function parked(key: string): Promise<number> {
  const { rows } = await world.database.db.query<{ n: number }>(
    'select coalesce(sum(calls), 0)::int as n from breaker_parked where key = $1',
    [key],
  );
  return rows[0]?.n ?? 0;
}

async function pending(id: string): Promise<number> {
  const { raw } = await world.temporal.client.workflow.getHandle(id).describe();
  return raw.pendingActivities?.length ?? 0;
}

async function scheduled(id: string): Promise<number> {
  const { events } = await world.temporal.client.workflow.getHandle(id).fetchHistory();
  return (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length;
}

describe('RETRY-6 circuit_breaker_task', () => {
  it('makes no call from the fifth failure on, holds no worker, and goes on with the attempts that were left', async () => {
    const { seen, url } = await startService();
    await world.withWorkers(async () => {
      // One after the other, between two attempts: neither is under way when the other opens the breaker.
      const first = await ask(url);
      await eventually(() => seen.requests === 1);
      await sleep(HALF_A_DELAY_MS);
      const second = await ask(url);
      await eventually(() => isOpen(url));
      await eventually(async () => (await parked(url)) === 2);
      expect(seen.requests).toBe(5);
      const late = await Promise.all(Array.from({ length: 6 }, () => ask(url)));
      await eventually(async () => (await parked(url)) === 8);
      expect(seen.requests).toBe(5);
      for (const { id } of late) {
        // The row of a parked call is there a moment before the server has the outcome of its activity.
        await eventually(async () => (await pending(id)) === 0);
        expect(await scheduled(id)).toBe(1);
      }
      seen.up = true;
      for (const call of [first, second, ...late])
        expect(await call.result()).toEqual({ status: 'completed', body: { ok: true } });
      expect(seen.requests).toBe(5 + 8);
      expect(await parked(url)).toBe(0);
      const resumed = seen.at.slice(5);
      expect((resumed.at(-1) ?? 0) - (resumed[0] ?? 0)).toBeGreaterThan(300);
    });
  });

  it('lets one call of two workers probe, and the members of a group wait with the tasks for its end', async () => {
    const { seen, url } = await startService({ takesMs: 2_000 });
    seen.up = true;
    await createBreakerRecords(world.database.db).open(url, { by: 'test', reason: 'away' }, 3_000);
    const members = Array.from({ length: 6 }, () => ({
      task: 'operations.circuitBreakerTask',
      kwargs: { service_url: url },
    }));
    await world.withWorkers(() =>
      world.withWorkers(async () => {
        const tasks = await Promise.all(Array.from({ length: 4 }, () => ask(url)));
        const canvas = await world.client.canvas.runJson({ task: 'celery.group', kwargs: { tasks: members } });
        await eventually(() => seen.requests > 0);
        await sleep(1_500);
        expect(seen.requests).toBe(1);
        const completed = { status: 'completed', body: { ok: true } };
        expect(await canvas.result()).toEqual(members.map(() => completed));
        for (const task of tasks) expect(await task.result()).toEqual(completed);
        expect(seen.requests).toBe(10);
        // Six calls, and one more for each time that one of them asked for all.
        expect(await scheduled(canvas.id)).toBeLessThan(6 + 6 + 4);
        expect(await parked(url)).toBe(0);
      }),
    );
  });
});
