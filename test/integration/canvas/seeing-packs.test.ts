/** What the tree tells of calls that share activities, on a real server. */
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, describe, it } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import { call, group } from '../../support/canvas/signatures.ts';
import { eventually, gate, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const attemptsOf = async (id: string): Promise<readonly (number | undefined)[]> =>
  (await world.client.canvas.tree(id)).children?.map(({ attempts }) => attempts) ?? [];

describe('the tree of calls that share activities', () => {
  it('MON-4 PERF-1 shows the attempts of calls that share an activity', async () => {
    let failed = false;
    const script: Script = {
      'samples.addOneTiny': ({ data }) => {
        if (failed || data !== 2) return Promise.resolve(data + 1);
        failed = true;
        return Promise.reject(new PerennialError('BackendUnavailable', 'away', { retryAfterMs: 1 }));
      },
    };
    await world.withWorkers(
      async () => {
        const tasks = [1, 2, 3].map((data) => call('samples.addOneTiny', { data }));
        const run = await world.client.canvas.run(group(...tasks), { id: 'packed' });
        expect(await run.result()).toEqual([2, 3, 4]);
        expect(await attemptsOf('packed')).toEqual([1, 2, 1]);
      },
      { script },
    );
  });

  it('MON-4 PERF-1 counts attempts in packs also where a call goes on alone, because its pack was lost', async () => {
    const door = gate();
    const began: number[] = [];
    const script: Script = {
      'samples.addOneTiny': async ({ data }, { signal, attempt }) => {
        began.push(attempt);
        if (attempt === 1) await door.pass(signal);
        return data + 1;
      },
    };
    await world.withWorkers(
      async () => {
        const tasks = [1, 2].map((data) => call('samples.addOneTiny', { data }));
        const run = await world.client.canvas.run(group(...tasks), { id: 'lost' });
        await eventually(() => began.length > 0);
        const pack = { workflowId: run.id, activityId: '1' };
        await world.temporal.client.activity.fail(pack, ApplicationFailure.nonRetryable('the worker is gone'));
        expect(await run.result()).toEqual([2, 3]);
        door.open();
        expect(await attemptsOf('lost')).toEqual([3, 3]);
      },
      { script },
    );
  });
});
