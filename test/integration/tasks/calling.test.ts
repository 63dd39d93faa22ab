/** Calling single tasks on a real server: options, states, results. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Conflict, NotFound, Stopped } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { eventually, gate, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const state = async (id: string): Promise<string> => (await world.client.tasks.get(id).status()).state;

describe('RES-3 the state of a task', () => {
  it('RES-3 is PENDING without a worker, STARTED while one works, SUCCESS with the result', async () => {
    const { client } = world;
    const task = await client.task('samples.add').call({ a: 1, b: 2 });
    expect(await task.status()).toMatchObject({
      task_id: task.id,
      task_name: 'samples.add',
      state: 'PENDING',
      result: null,
      ready: false,
      successful: null,
      failed: null,
    });
    const door = gate();
    await world.withWorkers(
      async () => {
        await eventually(async () => (await state(task.id)) === 'STARTED');
        // Heartbeats travel at most every four seconds.
        await eventually(async () => {
          const { info } = await task.status();
          return JSON.stringify(info).includes('"progress":{"at":5}');
        });
        door.open();
        expect(await task.result()).toBe(3);
      },
      {
        script: {
          'samples.add': async ({ a, b }, { progress, signal }) => {
            progress({ at: 5 });
            await door.pass(signal);
            return a + b;
          },
        },
      },
    );
    expect(await task.status()).toMatchObject({ state: 'SUCCESS', result: 3, ready: true, successful: true });
  });

  it('RETRY-17 is RETRY with type, message and count while the next attempt is waited for', async () => {
    let attempts = 0;
    await world.withWorkers(
      async () => {
        const task = await world.client.task('operations.analyticsProcessing').call({ data: {} });
        await eventually(async () => (await state(task.id)) === 'RETRY');
        expect((await task.status()).info).toMatchObject({
          exc_type: 'BackendUnavailable',
          exc_message: 'the other side is away',
          retry_count: 1,
          next_attempt_at: expect.any(String) as string,
        });
        expect(await task.result()).toEqual({ status: 'processed' });
        expect(attempts).toBe(2);
      },
      {
        script: {
          'operations.analyticsProcessing': () => {
            attempts += 1;
            return attempts === 1
              ? Promise.reject(new PerennialError('BackendUnavailable', 'the other side is away'))
              : Promise.resolve({ status: 'processed' });
          },
        },
      },
    );
  });

  it('MON-4 is FAILURE with message, type and traceback; ignored results keep their errors (RES-1)', async () => {
    await world.withWorkers(
      async () => {
        const task = await world.client.task('samples.upperCase').call({ data: 'x' }, { ignoreResult: true });
        await expect(task.result()).rejects.toMatchObject({ type: 'FileMissing', message: 'the file has gone' });
        expect(await task.status()).toMatchObject({
          state: 'FAILURE',
          result: 'the file has gone',
          traceback: expect.stringContaining('at ') as string,
          info: { exc_type: 'FileMissing', exc_message: 'the file has gone' },
          failed: true,
          successful: false,
        });
      },
      { script: { 'samples.upperCase': () => Promise.reject(new PerennialError('FileMissing', 'the file has gone')) } },
    );
  });

  it('an unknown id is an error and never PENDING', async () => {
    const unknown = world.client.tasks.get('nobody-started-this');
    await expect(unknown.status()).rejects.toBeInstanceOf(NotFound);
    await expect(unknown.result()).rejects.toBeInstanceOf(NotFound);
    await expect(unknown.revoke()).rejects.toBeInstanceOf(NotFound);
  });
});

describe('the options of a call', () => {
  it('countdown and eta hold the start back, in the server', async () => {
    await world.withWorkers(async () => {
      const called = Date.now();
      const counted = await world.client.task('samples.addOne').call({ data: 1 }, { countdown: 1 });
      const eta = new Date(Date.now() + 1_200);
      const dated = await world.client.task('samples.addOne').call({ data: 2 }, { eta });
      // So far away that it waits however long the question takes.
      const far = await world.client.task('samples.addOne').call({ data: 3 }, { countdown: 3_600 });
      expect(await far.status()).toMatchObject({ state: 'PENDING', info: { eta: expect.any(String) as string } });
      await far.revoke({ terminate: true });
      expect([await counted.result(), await dated.result()]).toEqual([2, 3]);
      expect(Date.now() - called).toBeGreaterThanOrEqual(1_000);
      expect(Date.now()).toBeGreaterThanOrEqual(eta.getTime());
    });
  });

  it('a task that no worker begins in time is REVOKED as expired', async () => {
    // A worker decides, but none works.
    await world.withWorkers(
      async () => {
        const task = await world.client.task('samples.addOne').call({ data: 1 }, { expires: 1 });
        await expect(task.result()).rejects.toMatchObject({ type: 'TaskExpired' });
        expect(await task.status()).toMatchObject({ state: 'REVOKED', failed: false });
      },
      { queues: [] },
    );
  });

  it('IDEM-4 a second call with the same key gives the first run, also when it is over', async () => {
    let runs = 0;
    await world.withWorkers(
      async () => {
        const caller = world.client.task('samples.addOne');
        const first = await caller.call({ data: 1 }, { idempotencyKey: 'order-1' });
        const second = await caller.call({ data: 1 }, { idempotencyKey: 'order-1' });
        expect(second.id).toBe(first.id);
        expect(await second.result()).toBe(2);
        expect(await (await caller.call({ data: 1 }, { idempotencyKey: 'order-1' })).result()).toBe(2);
        expect(runs).toBe(1);
        expect((await caller.call({ data: 1 }, { id: first.id })).id).toBe(first.id);
        const other = caller.call({ data: 7 }, { idempotencyKey: 'order-1' });
        await expect(other).rejects.toBeInstanceOf(Conflict);
      },
      {
        script: {
          'samples.addOne': ({ data }) => {
            runs += 1;
            return Promise.resolve(data + 1);
          },
        },
      },
    );
  });

  it('headers, tenant and another queue reach the attempt, and an ignored result is not kept', async () => {
    const seen: unknown[] = [];
    await world.withWorkers(
      async () => {
        const options = { headers: { trace: 'abc' }, tenant: 'acme', queue: 'documents.critical', ignoreResult: true };
        const task = await world.client.task('samples.addOne').call({ data: 1 }, options);
        expect(await task.result()).toBeNull();
        expect(seen).toEqual([{ headers: { trace: 'abc' }, tenant: 'acme', queue: 'documents.critical' }]);
        expect((await task.status()).tenant).toBe('acme');
      },
      {
        script: {
          'samples.addOne': ({ data }, { headers, tenant, queue }) => {
            seen.push({ headers, tenant, queue });
            return Promise.resolve(data);
          },
        },
      },
    );
  });

  it('TIME-6 P3-57 soft and hard limits of a call: a signal first, then the end of the attempt', async () => {
    const reasons: string[] = [];
    await world.withWorkers(
      async () => {
        const soft = await world.client.task('samples.addOne').call({ data: 1 }, { softTimeLimit: 0.3 });
        await expect(soft.result()).rejects.toMatchObject({ type: 'TimeLimit' });
        expect(reasons[0]).toMatch(/soft time limit of 300 ms/);
        const hard = await world.client.task('samples.double').call({ data: 1 }, { hardTimeLimit: 1 });
        await expect(hard.result()).rejects.toMatchObject({
          type: 'HardTimeLimit',
          message: expect.stringMatching(/hard time limit/) as string,
        });
        expect((await soft.status()).info).toMatchObject({ exc_type: 'TimeLimit' });
        expect((await hard.status()).info).toMatchObject({ exc_type: 'HardTimeLimit' });
      },
      {
        script: {
          'samples.addOne': async (_input, { signal }) => {
            await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
            reasons.push(signal.reason instanceof Error ? signal.reason.message : '');
            throw signal.reason;
          },
          // Deaf to its signal: only the server ends it.
          'samples.double': () => sleep(3_000, 1),
        },
      },
    );
  });

  it('RES-1 results are kept for a day: the namespace says so, and status and result outlive the workers', async () => {
    const { namespaceInfo: _info, config } = await world.temporal.client.workflowService.describeNamespace({
      namespace: 'default',
    });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBeGreaterThanOrEqual(86_400);
    const task = await world.withWorkers(async () => {
      const called = await world.client.task('samples.sum').call({ data: [1, 2, 3] });
      await called.result();
      return called;
    });
    expect(await world.client.tasks.get(task.id).result()).toBe(6);
    expect(await state(task.id)).toBe('SUCCESS');
  });

  it('a refused call starts nothing', async () => {
    const before = await world.temporal.client.workflow.count();
    const eta = new Date(Date.now() - 60_000);
    await expect(world.client.task('samples.addOne').call({ data: 1 }, { eta })).rejects.toThrow(/options\.eta/);
    await expect(world.client.tasks.call('no.such', {})).rejects.toMatchObject({ type: 'UnknownTask' });
    expect((await world.temporal.client.workflow.count()).count).toBe(before.count);
  });

  it('the Web UI and the index know task, tenant, state, root and tags', async () => {
    await world.withWorkers(async () => {
      const task = await world.client
        .task('samples.addOne')
        .call({ data: 1 }, { tenant: 'umbrella', tags: ['nightly', 'eu'] });
      await task.result();
      await eventually(async () => (await world.client.tasks.list({ tenant: 'umbrella' })).length === 1);
      await eventually(async () => (await world.client.tasks.list({ tag: 'nightly' }))[0]?.state === 'SUCCESS');
      const { raw } = await world.temporal.client.workflow.getHandle(task.id).describe();
      const indexed = raw.workflowExecutionInfo?.searchAttributes?.indexedFields ?? {};
      expect(Object.keys(indexed)).toEqual(
        expect.arrayContaining(['RootId', 'Tags', 'TaskName', 'TaskState', 'Tenant']),
      );
      const summary = raw.executionConfig?.userMetadata?.summary?.data;
      expect(Buffer.from(summary ?? []).toString()).toContain('samples.addOne on documents.default, priority 5');
    });
  });
});

describe('links', () => {
  it('link is called with the result, link_error with the failure, once each', async () => {
    const linked: unknown[] = [];
    const double = { task: 'samples.double', args: [], kwargs: {}, options: {} };
    await world.withWorkers(
      async () => {
        const task = await world.client.task('samples.add').call({ a: 1, b: 2 }, { link: double, tags: ['linked'] });
        expect(await task.result()).toBe(3);
        await eventually(() => linked.length === 1);
        expect(linked).toEqual([3]);
        expect(await task.status()).toMatchObject({ state: 'SUCCESS', task_name: 'samples.add' });
      },
      {
        script: {
          'samples.double': ({ data }) => {
            linked.push(data);
            return Promise.resolve(data * 2);
          },
        },
      },
    );
  });
});

describe('TIME-6 timed_task', () => {
  it('TIME-6 BP-4 works, and when told to stop it cleans up', async () => {
    await world.withWorkers(async () => {
      const done = await world.client.task('operations.timedTask').call({ data: { work_ms: 10 } });
      expect(await done.result()).toEqual({ status: 'completed', work_ms: 10 });
      const long = await world.client.task('operations.timedTask').call({ data: { work_ms: 60_000 } });
      await eventually(async () => (await state(long.id)) === 'STARTED');
      await long.revoke({ terminate: true });
      await expect(long.result()).rejects.toBeInstanceOf(Stopped);
    });
  });
});
