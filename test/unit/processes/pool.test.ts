import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Pool } from '../../../services/processes/pool.ts';
import { describeEnd, type PoolSettings, type RunnerEnd, type RunnerKind } from '../../../services/processes/port.ts';
import type { TestResults, TestTask } from './fixtures/runner.ts';

const entry = new URL('./fixtures/runner.ts', import.meta.url);
const child: RunnerKind = { kind: 'child', entry };
const thread: RunnerKind = { kind: 'thread', entry, heap: { maxOldGenerationSizeMb: 64 } };
const never = new AbortController().signal;

/** An error that shows how a runner came to its end. */
class Ended extends Error {
  readonly end: RunnerEnd;

  constructor(end: RunnerEnd) {
    super(describeEnd(end));
    this.end = end;
  }
}

type TestPool = Pool<TestTask, TestResults>;

const pools: TestPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function poolOf(runner: RunnerKind, settings: Partial<PoolSettings> = {}): TestPool {
  const pool: TestPool = new Pool({ runner, size: 1, failure: (end) => new Ended(end), ...settings });
  pools.push(pool);
  return pool;
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X ');
  return !/\) [ZX] /.test(stat); // one that only waits to be collected does not live
}

async function ends(pid: number): Promise<void> {
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
}

describe.each([
  ['a child process', child],
  ['a thread', thread],
] as const)('%s', (_name, runner) => {
  it('does one job after the other, and keeps what it has loaded', async () => {
    const pool = poolOf(runner);
    expect(await pool.run({ kind: 'echo', value: { a: [1, null, 'ü'] } }, never)).toEqual({ a: [1, null, 'ü'] });
    expect(await pool.run({ kind: 'jobsSoFar' }, never)).toBe(2);
  });

  it('is replaced after its number of jobs', async () => {
    const pool = poolOf(runner, { recycling: { afterJobs: 2 } });
    const seen: number[] = [];
    for (let job = 0; job < 4; job += 1) seen.push(await pool.run({ kind: 'jobsSoFar' }, never));
    expect(seen).toEqual([1, 2, 1, 2]);
  });

  it('is replaced when it holds too much after a job, and not before', async () => {
    const pool = poolOf(runner, { recycling: { aboveMb: 300 } });
    await pool.run({ kind: 'keep', mb: 1 }, never);
    expect(await pool.run({ kind: 'jobsSoFar' }, never)).toBe(2);
    await pool.run({ kind: 'keep', mb: 320 }, never);
    expect(await pool.run({ kind: 'jobsSoFar' }, never)).toBe(1);
  });

  it('is ended in the middle of a loop by an abort, whose reason is told; those that wait get another', async () => {
    const pool = poolOf(runner);
    await pool.run({ kind: 'jobsSoFar' }, never);
    const stop = new AbortController();
    const spinning = pool.run({ kind: 'spin' }, stop.signal);
    const waiting = pool.run({ kind: 'jobsSoFar' }, never);
    const [pid] = pool.pids();
    const reason = new Error('cancelled');
    setTimeout(() => stop.abort(reason), 100);
    await expect(spinning).rejects.toBe(reason);
    expect(await waiting).toBe(1);
    if (pid !== undefined) await ends(pid);
  });

  it('is ended when a job takes too long', async () => {
    const pool = poolOf(runner, { limits: { timeMs: 500 } });
    await expect(pool.run({ kind: 'spin' }, never)).rejects.toMatchObject({ end: { kind: 'time', limitMs: 500 } });
    expect(await pool.run({ kind: 'jobsSoFar' }, never)).toBe(1);
  });

  it('is not ended for the time that others take to answer its calls', async () => {
    const pool = poolOf(runner, { limits: { timeMs: 1_500 } });
    const onCall = async (): Promise<{ value: number }> => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return { value: 1 };
    };
    expect(await pool.run({ kind: 'count', upTo: 3 }, never, { onCall })).toBe(3);
    await expect(pool.run({ kind: 'spin' }, never)).rejects.toMatchObject({ end: { kind: 'time', limitMs: 1_500 } });
  });

  it('fails a job that gives more than it may, in its answer or its calls, and goes on', async () => {
    const pool = poolOf(runner, { limits: { outputBytes: 1_000 } });
    expect(await pool.run({ kind: 'give', bytes: 900 }, never)).toHaveLength(900);
    const overflow = { end: { kind: 'output', limitBytes: 1_000 } };
    await expect(pool.run({ kind: 'give', bytes: 1_001 }, never)).rejects.toMatchObject(overflow);
    await expect(
      pool.run({ kind: 'count', upTo: 200 }, never, { onCall: () => Promise.resolve({ value: 1 }) }),
    ).rejects.toMatchObject(overflow);
    expect(await pool.run({ kind: 'jobsSoFar' }, never)).toBe(4);
  });

  it('tells the code that it ended with, and loses nobody who waits', async () => {
    const pool = poolOf(runner);
    const gone = pool.run({ kind: 'exit', code: 3 }, never);
    const waiting = Array.from({ length: 3 }, (_, value) => pool.run({ kind: 'echo', value }, never));
    await expect(gone).rejects.toThrow('it ended with code 3');
    expect(await Promise.all(waiting)).toEqual([0, 1, 2]);
  });

  it('hands on failures of the registry, and of others only the name', async () => {
    const pool = poolOf(runner);
    await expect(pool.run({ kind: 'throwKnown' }, never)).rejects.toMatchObject({
      type: 'EmptyFile',
      message: 'Expected bytes, found none.',
    });
    expect(await pool.run({ kind: 'jobsSoFar' }, never)).toBe(2);
    const unforeseen = pool.run({ kind: 'throwUnforeseen' }, never);
    await expect(unforeseen).rejects.toThrow(/^it failed with an unexpected RangeError$/);
    // what is unforeseen may have broken more than its job
    expect(await pool.run({ kind: 'jobsSoFar' }, never)).toBe(1);
  });

  it('asks back while it works, and a failure of who answers is the failure of the job', async () => {
    const pool = poolOf(runner);
    const onCall = (request: unknown) => Promise.resolve({ value: 10 * (request as number) });
    expect(await pool.run({ kind: 'count', upTo: 4 }, never, { onCall })).toBe(100);
    const full = new Error('the store is full');
    const refused = pool.run({ kind: 'count', upTo: 4 }, never, { onCall: () => Promise.reject(full) });
    await expect(refused).rejects.toBe(full);
    expect(await pool.run({ kind: 'count', upTo: 1 }, never, { onCall })).toBe(10);
  });

  it('gets nothing of the environment but what it needs', async () => {
    vi.stubEnv('SECRET_OF_THE_PARENT', 'x');
    const names = await poolOf(runner).run({ kind: 'environment' }, never);
    vi.unstubAllEnvs();
    expect(names).not.toContain('SECRET_OF_THE_PARENT');
  });

  it('stays with its lease, does its jobs in their order, and then serves others', async () => {
    const pool = poolOf(runner);
    const lease = await pool.lease(never);
    const other = pool.run({ kind: 'jobsSoFar' }, never);
    const order: string[] = [];
    await Promise.all([
      lease.ask({ kind: 'sleep', ms: 50 }).then(() => order.push('first')),
      lease.ask({ kind: 'jobsSoFar' }).then(() => order.push('second')),
      lease.release().then(() => order.push('released')),
    ]);
    expect(order).toEqual(['first', 'second', 'released']);
    expect(await other).toBe(3);
  });

  it('is ended when nobody has needed it for a while', async () => {
    const pool = poolOf(runner, { idleMs: 50 });
    await pool.run({ kind: 'jobsSoFar' }, never);
    const [pid] = pool.pids();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await pool.run({ kind: 'jobsSoFar' }, never)).toBe(1);
    if (pid !== undefined) await ends(pid);
  });

  it('ends with its pool, at work or in line, and nothing begins afterwards', async () => {
    const pool = poolOf(runner);
    await pool.run({ kind: 'jobsSoFar' }, never);
    const [pid] = pool.pids();
    const work = [pool.run({ kind: 'spin' }, never), pool.run({ kind: 'jobsSoFar' }, never)];
    const outcomes = Promise.allSettled(work);
    await pool.close();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { end: { kind: 'closed' } } });
    await expect(pool.run({ kind: 'jobsSoFar' }, never)).rejects.toThrow('it was closed');
    if (pid !== undefined) expect(await isAlive(pid)).toBe(false);
  });
});

describe('a line of jobs', () => {
  it('is left by an abort while waiting, and the job before it is not disturbed', async () => {
    const pool = poolOf(child);
    const stop = new AbortController();
    const working = pool.run({ kind: 'sleep', ms: 200 }, never);
    const waiting = pool.run({ kind: 'jobsSoFar' }, stop.signal);
    const behind = pool.run({ kind: 'jobsSoFar' }, never);
    const reason = new Error('no longer wanted');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await working;
    expect(await behind).toBe(2);
  });

  it('is not entered after an abort, and no runner is started', async () => {
    const pool = poolOf(child);
    await expect(pool.run({ kind: 'jobsSoFar' }, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
    expect(pool.pids()).toEqual([]);
  });

  it('is served by as many runners as the pool has', async () => {
    const pool = poolOf(child, { size: 2 });
    const all = [1, 2, 3].map((value) => pool.run({ kind: 'echo', value }, never));
    expect(pool.pids()).toHaveLength(2);
    expect(await Promise.all(all)).toEqual([1, 2, 3]);
    expect(pool.pids()).toHaveLength(2);
  });
});

describe('a child process alone', () => {
  it('that is killed tells the signal', async () => {
    const pool = poolOf(child);
    await pool.run({ kind: 'jobsSoFar' }, never);
    const spinning = pool.run({ kind: 'spin' }, never);
    process.kill(pool.pids()[0]!, 'SIGKILL');
    await expect(spinning).rejects.toThrow('it was ended by SIGKILL');
  });

  it('that dies of a full heap tells what the runtime said of it', async () => {
    const pool = poolOf({ ...child, env: { NODE_OPTIONS: '--max-old-space-size=40' } });
    const filling = pool.run({ kind: 'fillHeap' }, never);
    await expect(filling).rejects.toThrow(/^it was ended by SIGABRT \(FATAL ERROR: .*heap out of memory\)$/);
  });

  it('that takes more than its job may is ended', async () => {
    const pool = poolOf(child, { limits: { memoryMb: 300 } });
    await expect(pool.run({ kind: 'keep', mb: 400, ms: 60_000 }, never)).rejects.toMatchObject({
      end: { kind: 'memory', limitMb: 300 },
    });
  });

  it('is judged by the memory of its job, not by what earlier jobs left', async () => {
    const pool = poolOf(child, { limits: { memoryMb: 300 } });
    for (let job = 1; job <= 3; job += 1) await pool.run({ kind: 'keep', mb: 150, ms: 500 }, never);
    expect(await pool.run({ kind: 'jobsSoFar' }, never), 'one process holds 450 MB').toBe(4);
  });

  it('does a job once more in a new process when a used one hit a limit, and no more than once', async () => {
    const pool = poolOf(child, { limits: { timeMs: 700 }, recycling: { afterLimit: true } });
    await pool.run({ kind: 'jobsSoFar' }, never);
    expect(await pool.run({ kind: 'tire' }, never)).toBe(1);
    await expect(pool.run({ kind: 'spin' }, never)).rejects.toMatchObject({ end: { kind: 'time' } });
    expect(pool.pids()).toHaveLength(0);
  });

  it('takes its own children along', async () => {
    const pool = poolOf(child);
    const helper = await pool.run({ kind: 'helper' }, never);
    expect(await isAlive(helper)).toBe(true);
    await pool.close();
    await ends(helper);
  });

  it('whose module is not there fails its job, and does not start again by itself', async () => {
    const pool = poolOf({ kind: 'child', entry: new URL('./fixtures/none.ts', import.meta.url) });
    await expect(pool.run({ kind: 'jobsSoFar' }, never)).rejects.toThrow('it ended with code 1');
    expect(pool.pids()).toEqual([]);
  });
});

describe('a thread alone', () => {
  it('that needs more heap than it may is ended, and the process lives on', async () => {
    const pool = poolOf(thread);
    await expect(pool.run({ kind: 'fillHeap' }, never)).rejects.toMatchObject({ end: { kind: 'heap', limitMb: 64 } });
    expect(await pool.run({ kind: 'jobsSoFar' }, never)).toBe(1);
  });

  it('takes over memory, and hands it over with its answer', async () => {
    const pool = poolOf(thread);
    const bytes = new Uint8Array(1_000);
    const answer = await pool.run({ kind: 'overwrite', bytes }, never, { transfer: [bytes.buffer] });
    expect(bytes.buffer.byteLength).toBe(0);
    expect(answer).toEqual(new Uint8Array(1_000).fill(7));
  });
});
