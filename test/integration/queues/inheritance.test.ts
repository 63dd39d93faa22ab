/** PRIO-4: what a run calls takes the priority of the run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

describe('PRIO-4 CANVAS-10 inheritance', () => {
  it('PRIO-4 an activity takes the priority and the tenant of the run that calls it', async () => {
    const task = await world.withWorkers(async () => {
      const called = await world.client
        .task('samples.addOne')
        .call({ data: 1 }, { priority: 9, tenant: 'acme', limits: [{ key: 'inherit', concurrency: 1 }] });
      await called.result();
      return called;
    });
    const { events } = await world.temporal.client.workflow.getHandle(task.id).fetchHistory();
    const started = events?.find((event) => event.workflowExecutionStartedEventAttributes)
      ?.workflowExecutionStartedEventAttributes?.priority;
    expect(started).toMatchObject({ priorityKey: 2, fairnessKey: 'acme' });
    // Nothing of its own: the server lets it inherit.
    const own = events?.flatMap((event) => event.activityTaskScheduledEventAttributes?.priority ?? []) ?? [];
    for (const priority of own) expect(priority.priorityKey ?? 0).toBe(0);
  });

  it('PRIO-6 PRIO-7 PRIO-8 PRIO-9 P3-37 each example task runs on its queue with its priority', async () => {
    const expected = [
      ['operations.criticalPaymentProcessing', { payment_id: 'p1' }, 'documents.critical', 1],
      ['operations.userNotification', { user_id: 'u1', message: 'hi' }, 'documents.high_priority', 2],
      ['operations.analyticsProcessing', { data: {} }, 'documents.low_priority', 5],
      ['operations.adaptivePriorityTask', { task_type: 't', data: { urgent: true } }, 'documents.critical', 1],
      [
        'operations.adaptivePriorityTask',
        { task_type: 't', data: { user_facing: true } },
        'documents.high_priority',
        2,
      ],
      ['operations.adaptivePriorityTask', { task_type: 't', data: {} }, 'documents.low_priority', 4],
    ] as const;
    await world.withWorkers(async () => {
      for (const [name, input, queue, key] of expected) {
        const task = await world.client.tasks.call(name, input);
        await task.result();
        const { events } = await world.temporal.client.workflow.getHandle(task.id).fetchHistory();
        const scheduled = events?.flatMap((event) => event.activityTaskScheduledEventAttributes ?? []) ?? [];
        // Routed once: one activity, where it belongs (P3-37).
        expect(scheduled.map(({ taskQueue }) => taskQueue?.name)).toEqual([queue]);
        const start = events?.[0]?.workflowExecutionStartedEventAttributes?.priority?.priorityKey;
        expect([name, start]).toEqual([name, key]);
      }
    });
  });

  it('PRIO-6 PRIO-7 PRIO-8 PRIO-9 they give what the sources say', async () => {
    await world.withWorkers(async () => {
      const result = async (name: string, input: unknown): Promise<unknown> =>
        (await world.client.tasks.call(name, input)).result();
      expect(await result('critical_payment_processing', { payment_id: 'p2' })).toEqual({
        status: 'completed',
        payment_id: 'p2',
      });
      expect(await result('user_notification', { user_id: 'u', message: 'm' })).toEqual({ status: 'sent' });
      expect(await result('analytics_processing', { data: { a: 1 } })).toEqual({ status: 'processed' });
      expect(await result('adaptive_priority_task', { task_type: 'x', data: { urgent: true } })).toEqual({
        status: 'processed',
        task_type: 'x',
        queue: 'documents.critical',
      });
    });
    const { rows } = await world.database.db.query(`select key from operations_effects where kind = 'payment'`);
    expect(rows).toEqual(expect.arrayContaining([{ key: 'p2' }]));
  });
});

describe('PRIO-10 P3-20 POST /v1/tasks/execute as the client does it', () => {
  it('PRIO-10 has priority 5 and the queue default unless told otherwise, and takes positional arguments', async () => {
    const executed = await world.client.tasks.execute({ task: 'samples.add', args: [1], kwargs: { b: 2 } });
    expect(executed).toEqual({
      id: expect.any(String) as string,
      task: 'samples.add',
      priority: 5,
      queue: 'default',
      region: null,
    });
    await world.withWorkers(async () => expect(await world.client.tasks.get(executed.id).result()).toBe(3));
  });

  it('PRIO-10 waits for countdown and eta, expires, and is one task for each key', async () => {
    const { tasks } = world.client;
    const args = [1, 2];
    const counted = await tasks.execute({ task: 'samples.add', args, countdown: 4 });
    const timed = await tasks.execute({
      task: 'samples.add',
      args,
      eta: new Date(Date.now() + 4_000).toISOString(),
    });
    const expired = await tasks.execute({ task: 'samples.add', args, expires: 1 });
    const keyed = await tasks.execute({ task: 'samples.add', args, idempotencyKey: 'order-17' });
    expect((await tasks.execute({ task: 'samples.add', args, idempotencyKey: 'order-17' })).id).toBe(keyed.id);
    await expect(
      tasks.execute({ task: 'samples.add', args: [3, 4], idempotencyKey: 'order-17' }),
    ).rejects.toMatchObject({
      name: 'Conflict',
    });
    await sleep(1_200); // nobody works until the first of them has expired
    await world.withWorkers(async () => {
      expect(await tasks.get(keyed.id).result()).toBe(3);
      expect((await tasks.get(counted.id).status()).state).toBe('PENDING');
      expect(await tasks.get(counted.id).result()).toBe(3);
      expect(await tasks.get(timed.id).result()).toBe(3);
      await expect(tasks.get(expired.id).result()).rejects.toThrow();
      expect((await tasks.get(expired.id).status()).state).toBe('REVOKED');
    });
  });

  it('P3-20 only tasks that are allowed, known queues and priorities from 1 to 10', async () => {
    const { tasks } = world.client;
    const args = [1, 2];
    await expect(tasks.execute({ task: 'documents.saveDocuments' })).rejects.toMatchObject({
      name: 'NotExternal',
      task: 'documents.saveDocuments',
    });
    await expect(
      tasks.execute({ task: 'samples.add', args, link: { task: 'documents.saveDocuments' } }),
    ).rejects.toMatchObject({ name: 'NotExternal', task: 'documents.saveDocuments' });
    await expect(tasks.execute({ task: 'os.system' })).rejects.toMatchObject({ type: 'UnknownTask' });
    await expect(tasks.execute({ task: 'samples.add', args, queue: 'nowhere' })).rejects.toMatchObject({
      type: 'UnknownQueue',
    });
    await expect(tasks.execute({ task: 'samples.add', args, queue: 'perennial.system' })).rejects.toMatchObject({
      type: 'UnknownQueue',
    });
    for (const priority of [0, 11, 2.5, -1])
      await expect(tasks.execute({ task: 'samples.add', args, priority })).rejects.toMatchObject({
        type: 'InvalidInput',
      });
    await expect(tasks.execute({ task: 'samples.add', args: [1, 2, 3] })).rejects.toThrow(/at most 2 positional/);
    await expect(tasks.execute({ task: 'samples.add', args, kwargs: { b: 2 } })).rejects.toThrow(/kwargs\.b/);
  });
});
