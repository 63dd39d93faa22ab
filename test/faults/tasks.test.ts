/** Really kills workers in the middle of tasks: work goes on elsewhere, and nobody waits for the dead. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskHandle } from '../../client/index.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';
import { eventually } from '../support/tasks.ts';

let world: TestStack;

beforeAll(async () => {
  world = await startTestStack({
    workers: TWO_WORKERS,
  });
});
afterAll(() => world.stop());

interface Working {
  readonly worker: string;
  readonly retry_count: number;
}

/** Waits until an attempt runs; tells where. */
async function untilStarted(task: TaskHandle<unknown>, after = -1): Promise<Working> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    const { state, info } = await task.status();
    const working = info as Working; // what `status` says of a running attempt
    if (state === 'STARTED' && working.retry_count > after) return working;
    await sleep(50);
  }
  throw new TypeError('expected an attempt to start within 60 s');
}

/** Kills the process of a worker; the supervisor starts another in its place. */
function kill({ worker }: Working): void {
  const pid = Number(worker.split('@')[0]);
  expect(Object.values(world.stack.processes).map((process) => process.pid)).toContain(pid);
  process.kill(pid, 'SIGKILL');
}

const timed = (workMs: number, options: object = {}) =>
  world.client.task('operations.timedTask').call({ data: { work_ms: workMs } }, options);

describe('WORK-17 late acknowledgement', () => {
  it('WORK-17 a task whose worker is killed runs again elsewhere and finishes', async () => {
    const task = await timed(4_000);
    const first = await untilStarted(task);
    kill(first);
    const killedAt = Date.now();
    const second = await untilStarted(task, first.retry_count);
    // A worker silent for five seconds counts as dead; a second later the next attempt is due.
    expect(Date.now() - killedAt).toBeLessThan(30_000);
    expect(second.worker).not.toBe(first.worker);
    expect(await task.result({ timeoutMs: 60_000 })).toEqual({ status: 'completed', work_ms: 4_000 });
  });
});

/** Waits until so many runs have a place under a limit, or have asked for one. */
const inLine = (key: string, count: number): Promise<void> =>
  eventually(async () => {
    const { rows } = await world.database.query('select 1 from limit_places where key = $1', [key]);
    return rows.length === count;
  });

describe('limits outlive the workers', () => {
  it('a killed holder goes on elsewhere in its place, and who waits gets its turn, in order', async () => {
    const limits = [{ key: 'provider:x', concurrency: 1 }];
    const holder = await timed(3_000, { limits });
    const working = await untilStarted(holder);
    // Long enough for its end to be seen before that of the next one.
    const waiting = await timed(1_000, { limits });
    await inLine('provider:x', 2);
    const last = await timed(10, { limits });
    await inLine('provider:x', 3);
    kill(working);
    const ends: string[] = [];
    const note = (name: string) => (value: unknown) => {
      ends.push(name);
      return value;
    };
    await Promise.all([
      holder.result({ timeoutMs: 90_000 }).then(note('holder')),
      waiting.result({ timeoutMs: 90_000 }).then(note('waiting')),
      last.result({ timeoutMs: 90_000 }).then(note('last')),
    ]);
    expect(ends).toEqual(['holder', 'waiting', 'last']);
    for (const task of [waiting, last]) expect((await task.status()).state).toBe('SUCCESS');
    const { rows } = await world.database.query(`select 1 from limit_places where key = 'provider:x'`);
    expect(rows).toEqual([]);
  });

  it('a holder that is revoked with its worker dead leaves its place within seconds', async () => {
    const limits = [{ key: 'provider:y', concurrency: 1 }];
    const holder = await timed(600_000, { limits });
    const working = await untilStarted(holder);
    const waiting = await timed(10, { limits });
    kill(working);
    await holder.revoke({ terminate: true });
    const revokedAt = Date.now();
    expect(await waiting.result({ timeoutMs: 60_000 })).toMatchObject({ status: 'completed' });
    expect(Date.now() - revokedAt).toBeLessThan(30_000);
  });
});
