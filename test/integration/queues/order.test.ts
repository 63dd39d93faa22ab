/** Who goes first: priorities and fairness on the real server, with one slot and a backlog. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallOptions, TaskHandle } from '../../../client/index.ts';
import { type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

type Call = readonly [label: string, options: CallOptions];

/** Calls everything while no worker works, then lets one slot work; gives labels in the order of their starts. */
async function orderOf(calls: readonly Call[], queue: string): Promise<string[]> {
  const order: string[] = [];
  const script: Script = {
    'samples.upperCase': ({ data }) => {
      order.push(data);
      return Promise.resolve(data);
    },
  };
  // Workflows decide without any worker at work, so that everything stands in the queue.
  const tasks = await world.withWorkers(
    async () => {
      const called: TaskHandle<string>[] = [];
      for (const [data, options] of calls) {
        called.push(await world.client.task('samples.upperCase').call({ data }, { queue, ...options }));
      }
      await untilQueued(queue, calls.length);
      return called;
    },
    { queues: [] },
  );
  await world.withWorkers(() => Promise.all(tasks.map((task) => task.result())), { script, slots: 1 });
  return order;
}

async function untilQueued(queue: string, count: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await world.client.queues.get(queue)).backlog < count) {
    if (Date.now() > deadline) throw new TypeError(`expected ${count} tasks in ${queue}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('PRIO-2 with one slot and a backlog', () => {
  it('PRIO-2 PRIO-3 the higher priority starts first, whatever the order of the calls', async () => {
    const priorities = [1, 5, 10, 3, 8, 5, 10];
    const order = await orderOf(
      priorities.map((priority, n): Call => [`${priority}-${n}`, { priority }]),
      'documents.low_priority',
    );
    // Among equals the order is that in which their workflows were decided.
    expect(order.map((label) => Number(label.split('-')[0]))).toEqual([10, 10, 8, 5, 5, 3, 1]);
  });
});

describe('fairness between tenants', () => {
  it('a tenant with 200 waiting tasks does not keep one with 5 waiting', async () => {
    const large = Array.from({ length: 200 }, (_, n): Call => [`large-${n}`, { tenant: 'large' }]);
    const small = Array.from({ length: 5 }, (_, n): Call => [`small-${n}`, { tenant: 'small' }]);
    const order = await orderOf([...large, ...small], 'documents.high_priority');
    expect(order).toHaveLength(205);
    const last = order.lastIndexOf('small-4');
    expect(order.filter((label) => label.startsWith('small'))).toHaveLength(5);
    // Behind the backlog they would be 201st to 205th; taking turns they are through after about ten.
    expect(last).toBeLessThan(30);
  });
});
