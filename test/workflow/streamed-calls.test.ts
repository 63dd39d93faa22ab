import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampleActivities } from '../../activities/samples/index.ts';
import type { TaskContext } from '../../activities/shell/task-body.ts';
import { connectPerennial, type PerennialClient } from '../../client/index.ts';
import { parseStreamedCallId } from '../../contracts/tasks/streamed-calls.ts';
import type { Activities } from '../../activities/shell/activity.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';
import { silentLog } from '../support/silent-log.ts';

let temporal: TestTemporal;
let client: PerennialClient;
beforeAll(async () => {
  temporal = await startTestTemporal();
  client = await connectPerennial(temporal.endpoint);
});
afterAll(async () => {
  await client.close();
  await temporal.stop();
});

const samples = createSampleActivities({}, { log: () => silentLog });

const work = <T>(body: () => Promise<T>, more: Activities = {}): Promise<T> =>
  temporal.withWorkers({ ...samples, ...more }, body);

describe('a stream of calls', () => {
  it('PERF-1 RES-3 shares a run, and gives each call an id, a result and a status', async () => {
    const stream = client.tasks.stream({ maxWaitMs: 20 });
    const tasks = await Promise.all(
      Array.from({ length: 300 }, (_, n) => stream.call('samples.addOneTiny', { data: n }, { tenant: 'acme' })),
    );
    const runs = new Set(tasks.map(({ id }) => parseStreamedCallId(id)?.batchId));
    expect(runs.size).toBe(1);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(300);
    expect(await tasks[7]?.status()).toMatchObject({ state: 'PENDING', ready: false });
    await work(async () => {
      expect(await Promise.all(tasks.map((task) => task.result()))).toEqual(tasks.map((_, n) => n + 1));
    });
    // Another process has nothing but the id.
    const other = await connectPerennial(temporal.endpoint);
    const again = other.tasks.get(tasks[41]?.id ?? '');
    expect(await again.status()).toMatchObject({
      task_name: 'samples.addOneTiny',
      tenant: 'acme',
      state: 'SUCCESS',
      result: 42,
    });
    expect(await again.result()).toBe(42);
    await other.close();
  });

  it('RES-3 an unknown id is an error, and so is a place that no call has', async () => {
    const task = await client.tasks.stream().call('samples.addOneTiny', { data: 1 });
    const nobody = client.tasks.get('calls:nobody/0');
    const behind = client.tasks.get(task.id.replace(/0$/, '1'));
    await work(async () => {
      await task.result();
      for (const one of [nobody, behind]) {
        await expect(one.status()).rejects.toMatchObject({ name: 'NotFound', id: one.id });
        await expect(one.result()).rejects.toMatchObject({ name: 'NotFound' });
        await expect(one.revoke()).rejects.toMatchObject({ name: 'NotFound' });
      }
    });
  });

  it('refuses a wrong call alone, and tells of a failed task with its type', async () => {
    const stream = client.tasks.stream();
    const wrong = stream.call('samples.addOneTiny', { data: 'one' } as never);
    const good = stream.call('samples.addOneTiny', { data: 1 });
    await expect(wrong).rejects.toMatchObject({ type: 'InvalidInput' });
    const bad = await stream.call('samples.double', { data: 1 });
    await work(
      async () => {
        expect(await (await good).result()).toBe(2);
        await expect(bad.result()).rejects.toMatchObject({ name: 'PerennialError', type: 'Unexpected' });
        expect(await bad.status()).toMatchObject({ state: 'FAILURE', info: { exc_type: 'Unexpected' } });
      },
      { 'samples.double': () => Promise.reject(Object.assign(new Error('no'), { nonRetryable: true })) },
    );
  });

  it('IDEM-4 a call with an id or key has a run of its own, which a second call finds', async () => {
    const stream = client.tasks.stream();
    const one = await stream.call('samples.addOneTiny', { data: 1 }, { id: 'own-id' });
    expect(one.id).toBe('own-id');
    expect((await stream.call('samples.addOneTiny', { data: 1 }, { id: 'own-id' })).id).toBe('own-id');
    await expect(stream.call('samples.addOneTiny', { data: 2 }, { id: 'own-id' })).rejects.toMatchObject({
      name: 'Conflict',
    });
    const [first, second] = await Promise.all(
      [1, 1].map((data) => stream.call('samples.addOneTiny', { data }, { idempotencyKey: 'same' })),
    );
    expect(first?.id).toBe(second?.id);
  });

  it('MON-5 one call is revoked without the others, and a slow one holds nobody up', async () => {
    const stream = client.tasks.stream({ maxWaitMs: 20 });
    const slow = async (input: unknown): Promise<unknown> => {
      const { data } = input as { data: number };
      if (data === 0)
        await sleep(60_000, undefined, { signal: (await import('@temporalio/activity')).cancellationSignal() });
      return data;
    };
    const tasks = await Promise.all([0, 1, 2].map((data) => stream.call('samples.square', { data })));
    await work(
      async () => {
        expect(await Promise.all(tasks.slice(1).map((task) => task.result({ timeoutMs: 20_000 })))).toEqual([1, 2]);
        expect(await tasks[0]?.status()).toMatchObject({ state: 'STARTED' });
        await tasks[0]?.revoke({ terminate: true });
        await expect(tasks[0]?.result({ timeoutMs: 20_000 })).rejects.toMatchObject({ name: 'Stopped' });
        expect(await tasks[0]?.status()).toMatchObject({ state: 'REVOKED' });
        await expect(tasks[1]?.revoke()).rejects.toMatchObject({ name: 'Ended' });
      },
      { 'samples.square': slow },
    );
  });

  it('IDEM-1 business keys are made of the id of each call', async () => {
    const seen: string[] = [];
    const { shell } = await import('../../activities/shell/shell.ts');
    const { taskSchemas } = await import('../../contracts/catalogue.schema.ts');
    const { sampleTasks } = await import('../../contracts/samples/tasks.ts');
    const noting = ({ data }: { data: number }, { workflowId }: TaskContext): Promise<number> => {
      seen.push(workflowId);
      return Promise.resolve(data);
    };
    const options = { log: () => silentLog };
    const stream = client.tasks.stream();
    const tasks = await Promise.all([
      stream.call('samples.addOneTiny', { data: 1 }),
      stream.call('samples.addOneTiny', { data: 2 }),
      stream.call('samples.addOne', { data: 3 }),
    ]);
    await work(() => Promise.all(tasks.map((task) => task.result())), {
      'samples.addOneTiny': shell(sampleTasks.addOneTiny, taskSchemas['samples.addOneTiny'], noting, options),
      'samples.addOne': shell(sampleTasks.addOne, taskSchemas['samples.addOne'], noting, options),
    });
    expect(seen.toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
  });
});
