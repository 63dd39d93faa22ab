/** Pausing, draining and limiting queues, and regional queues, on the real server. */
import proto from '@temporalio/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, gate, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

const { TaskQueueType } = proto.temporal.api.enums.v1;

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const QUEUE = 'documents.low_priority';
const call = (data: number, queue = QUEUE) => world.client.task('samples.addOne').call({ data }, { queue });

describe('pausing a queue', () => {
  it('P3-58 holds what comes, lets what runs end, says why, who and when, and resume goes on', async () => {
    const door = gate();
    await world.withWorkers(
      async () => {
        const running = await call(1);
        await eventually(async () => (await running.status()).state === 'STARTED');
        const paused = await world.client.queues.pause(QUEUE, { reason: 'the printer is away', by: 'alice' });
        expect(paused).toMatchObject({ state: 'paused', reason: 'the printer is away', by: 'alice' });
        expect(Date.now() - Date.parse(paused.since ?? '')).toBeLessThan(60_000);
        door.open();
        expect(await running.result()).toBe(2);
        const held = await call(2);
        await sleep(1_500);
        expect((await held.status()).state).toBe('PENDING');
        expect(await world.client.queues.resume(QUEUE, { reason: 'it is back', by: 'bob' })).toMatchObject({
          state: 'running',
          reason: 'it is back',
          by: 'bob',
        });
        expect(await held.result()).toBe(3);
      },
      {
        script: {
          'samples.addOne': async ({ data }, { signal }) => {
            await door.pass(signal);
            return data + 1;
          },
        },
      },
    );
  });

  it('another queue is not concerned, and a queue that nobody knows is refused', async () => {
    await world.client.queues.pause(QUEUE, { reason: 'test' });
    await world.withWorkers(async () => {
      expect(await (await call(4, 'documents.critical')).result()).toBe(5);
    });
    await world.client.queues.resume(QUEUE, { reason: 'test' });
    const unknown = world.client.queues.pause('documents.nowhere', { reason: 'test' });
    await expect(unknown).rejects.toMatchObject({ type: 'UnknownQueue' });
    await expect(world.client.queues.pause(QUEUE, { reason: ' ' })).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});

describe('draining a queue', () => {
  it('refuses new calls with the reason, works off what waits, and opens again', async () => {
    const waiting = await call(10);
    await world.client.queues.drain(QUEUE, { reason: 'moving house', by: 'carol' });
    await expect(call(11)).rejects.toMatchObject({
      type: 'QueueDraining',
      message: expect.stringMatching(/carol is draining: moving house/) as string,
    });
    await world.withWorkers(async () => {
      expect(await waiting.result()).toBe(11);
      await world.client.queues.untilEmpty(QUEUE, { timeoutMs: 10_000 });
    });
    expect(await world.client.queues.get(QUEUE)).toMatchObject({ state: 'draining', backlog: 0 });
    await world.client.queues.resume(QUEUE, { reason: 'moved' });
    await world.withWorkers(async () => {
      expect(await (await call(12)).result()).toBe(13);
    });
  });
});

describe('P3-34 the rate of a queue', () => {
  it('P3-34 holds across workers, waits instead of failing, and survives a pause', async () => {
    const view = await world.client.queues.setRate(QUEUE, { count: 2, perMs: 1_000 }, { reason: 'provider' });
    expect(view.rate).toBe('2/s');
    await world.client.queues.pause(QUEUE, { reason: 'short' });
    expect((await world.client.queues.resume(QUEUE, { reason: 'on' })).rate).toBe('2/s');
    const starts: number[] = [];
    const script = {
      'samples.addOne': ({ data }: { data: number }) => {
        starts.push(Date.now());
        return Promise.resolve(data);
      },
    };
    // Two processes' worth of workers on one queue.
    await world.withWorkers(
      () =>
        world.withWorkers(
          async () => {
            const tasks = await Promise.all(Array.from({ length: 10 }, (_, n) => call(n)));
            await Promise.all(tasks.map((task) => task.result()));
          },
          { script },
        ),
      { script },
    );
    await world.client.queues.setRate(QUEUE, null, { reason: 'test is over' });
    // Ten starts at two a second take at least three seconds, a burst of one second granted.
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(2_500);
    expect(starts).toHaveLength(10);
  });
});

describe('a rate that was set with Temporal’s own tools', () => {
  const set = (requestsPerSecond: number | undefined, reason = '') =>
    world.temporal.client.workflowService.updateTaskQueueConfig({
      namespace: world.temporal.endpoint.namespace,
      identity: 'temporal-cli:eve@desk',
      taskQueue: QUEUE,
      taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
      updateQueueRateLimit: {
        reason,
        ...(requestsPerSecond === undefined ? {} : { rateLimit: { requestsPerSecond } }),
      },
    });

  it.each([
    [7, 'the provider asked', '7/s'],
    [0.5, '', '30/m'],
    [0.1, 'slowly', '6/m'],
  ])('of %d is shown with who and why, and outlives pause, drain and resume', async (perSecond, reason, rate) => {
    await set(perSecond, reason);
    const named = { rate, rateBy: 'temporal-cli:eve@desk', rateReason: reason === '' ? null : reason };
    expect(await world.client.queues.get(QUEUE)).toMatchObject({ state: 'running', ...named });
    for (const verb of ['pause', 'resume', 'drain', 'resume'] as const)
      expect(await world.client.queues[verb](QUEUE, { reason: 'test', by: 'bob' })).toMatchObject(named);
    const { config } = await world.temporal.client.workflowService.describeTaskQueue({
      namespace: world.temporal.endpoint.namespace,
      taskQueue: { name: QUEUE },
      taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
      reportConfig: true,
    });
    expect(config?.queueRateLimit?.rateLimit?.requestsPerSecond).toBeCloseTo(perSecond, 5);
    await world.client.queues.setRate(QUEUE, null, { reason: 'test is over' });
    expect(await world.client.queues.get(QUEUE)).toMatchObject({ rate: null, rateBy: null, rateReason: null });
  });
});

describe('GEO-1 regional queues', () => {
  it('GEO-1 GEO-3 a regional task reaches only the workers of its region, and says where it was', async () => {
    const eu = 'documents.default@eu-west';
    const others = ['documents.default', 'documents.default@us-east', 'documents.default@us-west'];
    const task = await world.client.task('operations.processEuData').call({ data: {} });
    await world.withWorkers(
      async () => {
        await sleep(1_500);
        expect((await task.status()).state).toBe('PENDING');
      },
      { queues: others },
    );
    await world.withWorkers(
      async () => expect(await task.result()).toEqual({ status: 'processed', region: 'eu-west' }),
      { queues: [eu] },
    );
  });

  it('GEO-2 an unknown region falls back with a warning, and the answer names the real one (P3-21)', async () => {
    const executed = await world.client.tasks.execute({
      task: 'samples.add',
      region: 'atlantis',
      args: [1, 2],
    });
    expect(executed).toMatchObject({ region: 'us-east', queue: 'documents.default@us-east' });
    expect(world.warnings.at(-1)).toMatch(/Unknown region atlantis, using us-east/);
    await world.withWorkers(async () => expect(await world.client.tasks.get(executed.id).result()).toBe(3), {
      queues: ['documents.default@us-east'],
    });
  });

  it('P3-21 a task whose data must stay in a region is refused anywhere else', async () => {
    const caller = world.client.task('operations.processEuData');
    for (const options of [{ region: 'us-east' }, { region: 'atlantis' }, { queue: 'documents.default' }]) {
      await expect(caller.call({ data: {} }, options)).rejects.toMatchObject({ type: 'ResidencyViolation' });
    }
    const executed = world.client.tasks.execute({ task: 'process_eu_data', region: 'asia', args: [{}] });
    await expect(executed).rejects.toMatchObject({ type: 'ResidencyViolation' });
  });
});

describe('QUEUE-1 P3-10 every queue with tasks has a worker', () => {
  it('QUEUE-1 the fleet for everything serves each queue that the client lists', async () => {
    await world.withWorkers(async () => {
      await eventually(async () => (await world.client.queues.list()).every(({ workers }) => workers > 0));
      const names = (await world.client.queues.list()).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['documents.critical', 'documents.high_priority', 'documents.ocr']));
    });
  });
});
