/** Calls under limits per key: they wait their turn, in order, without failing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, gate, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

/** What happened while tasks ran: how many at once, when, in which attempts. */
function observed() {
  const attempts: number[] = [];
  const starts: number[] = [];
  let running = 0;
  let most = 0;
  return {
    attempts,
    starts,
    most: () => most,
    script: (takesMs: number) => ({
      'samples.upperCase': async ({ data }: { data: string }, { attempt }: { attempt: number }) => {
        attempts.push(attempt);
        starts.push(Date.now());
        running += 1;
        most = Math.max(most, running);
        await sleep(takesMs);
        running -= 1;
        return data;
      },
    }),
  };
}

async function places(key: string): Promise<number> {
  const { rows } = await world.database.db.query('select 1 from limit_places where key = $1', [key]);
  return rows.length;
}

const call = (data: string, key: string, limit: object) =>
  world.client.task('samples.upperCase').call({ data }, { limits: [{ key, ...limit }] });

describe('concurrency per key', () => {
  it('no more than so many are under way; the others wait, in their first attempt', async () => {
    const seen = observed();
    await world.withWorkers(
      async () => {
        const tasks = await Promise.all(
          Array.from({ length: 8 }, (_, n) => call(`t${n}`, 'tenant:acme', { concurrency: 2 })),
        );
        await Promise.all(tasks.map((task) => task.result()));
      },
      { script: seen.script(200) },
    );
    expect(seen.most()).toBe(2);
    expect(seen.attempts).toEqual(Array(8).fill(1));
    expect(await places('tenant:acme')).toBe(0);
  });

  it('first come first served', async () => {
    const order: string[] = [];
    const door = gate();
    await world.withWorkers(
      async () => {
        const tasks = [];
        for (let n = 0; n < 6; n += 1) {
          tasks.push(await call(`t${n}`, 'tenant:umbrella', { concurrency: 1 }));
          // The next one is called when this one has asked for its place.
          await eventually(async () => (await places('tenant:umbrella')) === n + 1);
        }
        door.open();
        await Promise.all(tasks.map((task) => task.result()));
      },
      {
        script: {
          'samples.upperCase': async ({ data }, { signal }) => {
            order.push(data);
            await door.pass(signal);
            return data;
          },
        },
      },
    );
    expect(order).toEqual(['t0', 't1', 't2', 't3', 't4', 't5']);
  });

  it('other keys are not held up, and a revoked one that waits leaves its place to the next', async () => {
    const door = gate();
    await world.withWorkers(
      async () => {
        const first = await call('first', 'phone:1', { concurrency: 1 });
        await eventually(async () => (await first.status()).state === 'STARTED');
        const second = await call('second', 'phone:1', { concurrency: 1 });
        const third = await call('third', 'phone:1', { concurrency: 1 });
        const other = await call('other', 'phone:2', { concurrency: 1 });
        await eventually(async () => (await other.status()).state === 'STARTED');
        expect((await second.status()).state).toBe('PENDING');
        await second.revoke();
        await eventually(async () => (await second.status()).state === 'REVOKED');
        door.open();
        expect(await Promise.all([first.result(), third.result()])).toEqual(['first', 'third']);
      },
      {
        script: {
          'samples.upperCase': async ({ data }, { signal }) => {
            await door.pass(signal);
            return data;
          },
        },
      },
    );
  });

  it('a place whose run was terminated comes free within seconds', async () => {
    const door = gate();
    await world.withWorkers(
      async () => {
        const holder = await call('holder', 'crash', { concurrency: 1 });
        await eventually(async () => (await holder.status()).state === 'STARTED');
        const next = await call('next', 'crash', { concurrency: 1 });
        await eventually(async () => (await places('crash')) === 2);
        // Terminated runs cannot give anything back.
        await world.temporal.client.workflow.getHandle(holder.id).terminate('test');
        await eventually(async () => (await next.status()).state === 'STARTED', 20_000);
        door.open();
        expect(await next.result()).toBe('next');
      },
      {
        script: {
          'samples.upperCase': async ({ data }, { signal }) => {
            await door.pass(signal);
            return data;
          },
        },
      },
    );
  });

  it('one that waits too long expires without having run, and leaves its place', async () => {
    const door = gate();
    await world.withWorkers(
      async () => {
        const holder = await call('holder', 'slow', { concurrency: 1 });
        await eventually(async () => (await holder.status()).state === 'STARTED');
        const late = await world.client
          .task('samples.upperCase')
          .call({ data: 'late' }, { expires: 1, limits: [{ key: 'slow', concurrency: 1 }] });
        await expect(late.result()).rejects.toMatchObject({ type: 'TaskExpired' });
        door.open();
        await holder.result();
        expect(await places('slow')).toBe(0);
      },
      {
        script: {
          'samples.upperCase': async ({ data }, { signal }) => {
            await door.pass(signal);
            return data;
          },
        },
      },
    );
  });
});

describe('P3-34 rate per key', () => {
  it('P3-34 holds across two processes of workers; what is beyond it waits in its first attempt', async () => {
    const seen = observed();
    const script = seen.script(0);
    await world.withWorkers(
      () =>
        world.withWorkers(
          async () => {
            const tasks = await Promise.all(
              Array.from({ length: 12 }, (_, n) => call(`r${n}`, 'provider:sms', { rate: { count: 5, perMs: 1_000 } })),
            );
            await Promise.all(tasks.map((task) => task.result()));
          },
          { script },
        ),
      { script },
    );
    const starts = seen.starts.sort((a, b) => a - b);
    // Twelve starts at five a second are spread over at least 2.2 s, less what timers and queues blur.
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(1_800);
    expect(seen.attempts).toEqual(Array(12).fill(1));
  });
});
