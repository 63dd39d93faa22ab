/** Really kills workers in the middle of tasks: work goes on elsewhere, and nobody waits for the dead. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
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

/** Lines of all workers about one task. */
async function logged(taskId: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const logs = path.join(world.inbox, '..', 'logs');
  const texts = await Promise.all(TWO_WORKERS.map(({ name }) => readFile(path.join(logs, `${name}.log`), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ task_id }) => task_id === taskId);
}

/** The one line about a revocation; a second one would have come by then. */
async function revocation(task: TaskHandle<unknown>): Promise<Readonly<Record<string, unknown>> | undefined> {
  const ofEnd = async () => (await logged(task.id)).filter(({ state }) => state === 'REVOKED');
  await eventually(async () => (await ofEnd()).length > 0);
  await sleep(300);
  const lines = await ofEnd();
  expect(lines).toHaveLength(1);
  return lines[0];
}

describe('logs of workers', () => {
  it('LOG-4 a revocation is one warning with its reason, the task and its id', async () => {
    const task_name = 'operations.timedTask';
    const limits = [{ key: 'provider:logs', concurrency: 1 }];
    const running = await timed(30_000, { limits });
    await untilStarted(running);
    const late = await timed(10, { limits, expires: 1 });
    const waiting = await timed(10, { countdown: 60 });
    await eventually(async () => (await late.status()).state === 'REVOKED');
    await running.revoke({ terminate: true });
    await waiting.revoke();
    for (const [task, reason] of [
      [late, 'expired'],
      [waiting, 'revoked'],
      [running, 'terminated'],
    ] as const)
      expect(await revocation(task)).toMatchObject({ level: 'WARN', msg: 'task revoked', task_name, reason });
  });

  it('METRIC-1 METRIC-2 METRIC-9 METRIC-10 the worker that runs a task counts it', async () => {
    const task = await timed(10);
    await task.result({ timeoutMs: 30_000 });
    const texts = Object.values(world.stack.addresses.workers).map(async (health) =>
      (await fetch(`${health}/metrics`)).text(),
    );
    const lines = (await Promise.all(texts)).flatMap((text) => text.split('\n'));
    const ended = lines.filter((line) =>
      line.startsWith('celery_task_succeeded_total{task_name="operations.timedTask"'),
    );
    expect(ended.map((line) => Number(line.split(' ')[1])).some((count) => count > 0)).toBe(true);
    const memory = lines.filter((line) => line.startsWith('celery_worker_memory_bytes{worker="'));
    const pids = TWO_WORKERS.map(({ name }) => String(world.stack.processes[name]?.pid));
    expect(memory.map((line) => /"(\d+)@/.exec(line)?.[1]).sort()).toEqual(pids.sort());
  });

  it('LOG-7 a task that has started is seen at its worker, and its result and its line are kept', async () => {
    const task = await timed(1_000);
    const { worker } = await untilStarted(task);
    expect(await task.status()).toMatchObject({ state: 'STARTED', ready: false, task_name: 'operations.timedTask' });
    expect(Object.values(world.stack.processes).map(({ pid }) => pid)).toContain(Number(worker.split('@')[0]));
    const result = { status: 'completed', work_ms: 1_000 };
    expect(await task.result({ timeoutMs: 30_000 })).toEqual(result);
    expect(await task.status()).toMatchObject({ state: 'SUCCESS', ready: true, result });
    await eventually(async () => (await logged(task.id)).length > 0);
    expect(await logged(task.id)).toEqual([
      expect.objectContaining({ level: 'INFO', state: 'SUCCESS', retry_count: 0 }),
    ]);
  });
});
