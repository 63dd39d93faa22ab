/** MON-5: revoking one task, a tree, and whatever matches. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ended, Stopped, type TaskHandle } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { eventually, gate, type Gate, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const isStarted = async (task: TaskHandle<unknown>): Promise<boolean> => (await task.status()).state === 'STARTED';

/** A task that waits at a door and counts its attempts. */
function waiting(door: Gate, attempts: number[] = [], then: () => Promise<number> = () => Promise.resolve(1)): Script {
  return {
    'samples.square': async (_input, { attempt, signal }) => {
      attempts.push(attempt);
      await door.pass(signal);
      return then();
    },
  };
}

describe('MON-5 revoking one task', () => {
  it('MON-5 one that waits for a worker or for its time never runs', async () => {
    await world.withWorkers(
      async () => {
        const queued = await world.client.task('samples.square').call({ data: 1 });
        const delayed = await world.client.task('samples.square').call({ data: 1 }, { countdown: 3_600 });
        expect(await queued.revoke()).toEqual({ status: 'revoked', task_id: queued.id, terminated: false });
        expect(await delayed.revoke()).toMatchObject({ status: 'revoked' });
        for (const task of [queued, delayed]) {
          await expect(task.result()).rejects.toBeInstanceOf(Stopped);
          expect(await task.status()).toMatchObject({
            state: 'REVOKED',
            ready: true,
            successful: false,
            failed: false,
          });
        }
        // Once more does no harm.
        expect(await queued.revoke()).toMatchObject({ status: 'revoked' });
      },
      { queues: [] },
    );
  });

  it('MON-5 P3-58 without terminate, one that has begun goes on to its end but is not tried again', async () => {
    const attempts: number[] = [];
    const door = gate();
    const fails = (): Promise<number> => Promise.reject(new PerennialError('BackendUnavailable', 'away'));
    await world.withWorkers(
      async () => {
        const task = await world.client.task('samples.square').call({ data: 1 });
        await eventually(() => isStarted(task));
        expect(await task.revoke()).toMatchObject({ status: 'revoked', terminated: false });
        door.open();
        await expect(task.result()).rejects.toMatchObject({ type: 'BackendUnavailable' });
        expect(attempts).toEqual([1]);
      },
      { script: waiting(door, attempts, fails) },
    );
  });

  it('MON-5 with terminate, a running attempt is told to stop at once', async () => {
    await world.withWorkers(
      async () => {
        const task = await world.client.task('samples.square').call({ data: 1 });
        await eventually(() => isStarted(task));
        expect(await task.revoke({ terminate: true })).toMatchObject({ terminated: true });
        await expect(task.result()).rejects.toBeInstanceOf(Stopped);
        expect((await task.status()).state).toBe('REVOKED');
      },
      { script: waiting(gate()) },
    );
  });

  it('one that is over cannot be revoked any more', async () => {
    await world.withWorkers(async () => {
      const task = await world.client.task('samples.addOne').call({ data: 1 });
      await task.result();
      await expect(task.revoke()).rejects.toBeInstanceOf(Ended);
    });
  });
});

describe('MON-5 revoking whatever matches', () => {
  async function call(count: number, options: object): Promise<TaskHandle<number>[]> {
    return Promise.all(
      Array.from({ length: count }, () => world.client.task('samples.square').call({ data: 2 }, options)),
    );
  }
  const states = (tasks: readonly TaskHandle<unknown>[]): Promise<string[]> =>
    Promise.all(tasks.map(async (task) => (await task.status()).state));
  const indexed = (filter: object, count: number): Promise<void> =>
    eventually(async () => (await world.client.tasks.list(filter)).length === count);

  it.each([
    ['without terminate, one by one', false],
    ['with terminate, as one batch operation of the server', true],
  ])('MON-5 a tag: %s', async (_how, terminate) => {
    const tag = `tag-${String(terminate)}`;
    const mine = await call(12, { tags: [tag] });
    const others = await call(2, { tags: [`other-${tag}`] });
    await indexed({ tag }, 12);
    await world.withWorkers(
      async () => {
        expect(await world.client.tasks.revoke({ tag }, { terminate })).toEqual({
          status: 'revoked',
          matched: 12,
          terminated: terminate,
        });
        await eventually(async () => (await states(mine)).every((state) => state === 'REVOKED'));
        expect(await states(others)).toEqual(['PENDING', 'PENDING']);
        await world.client.tasks.revoke({ tag: `other-${tag}` });
      },
      { queues: [] },
    );
  });

  it('MON-5 a tenant, a task, a root: only what matches all of it', async () => {
    const [task] = await call(1, { tenant: 'acme' });
    await call(1, { tenant: 'umbrella' });
    await indexed({ tenant: 'acme' }, 1);
    await indexed({ tenant: 'umbrella' }, 1);
    expect(await world.client.tasks.revoke({ tenant: 'acme', task: 'samples.addOne' })).toMatchObject({ matched: 0 });
    expect(await world.client.tasks.revoke({ root: task?.id ?? '' })).toMatchObject({ matched: 1 });
    expect(await world.client.tasks.revoke({ tenant: 'umbrella', task: 'samples.square' })).toMatchObject({
      matched: 1,
    });
  });

  it('an empty filter is refused, and so is one that a query could be made of', async () => {
    await expect(world.client.tasks.revoke({})).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(world.client.tasks.revoke({ tag: "x' OR '1'='1" })).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});
