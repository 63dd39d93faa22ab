/** Callbacks go on by themselves: state and result stand as soon as the call or canvas that they belong to has ended. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexedAs } from '../../../client/connection/search-attributes.ts';
import { Ended } from '../../../client/index.ts';
import { queues } from '../../../contracts/queues/names.ts';
import type { Signature, SignatureOptions } from '../../../canvas/signature/signature.ts';
import { eventually, gate, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const call = (task: string, kwargs: object = {}, options: SignatureOptions = {}): Signature => ({
  task,
  args: [],
  kwargs: { ...kwargs },
  options,
});
/** Far longer than a test: whoever waits for it fails. */
const later: SignatureOptions = { countdown: 3_600 };
const double = (options: SignatureOptions = {}): Signature => call('samples.double', {}, options);

/** Runs the work with workers that note what they double. */
async function noting(work: (doubled: readonly number[]) => Promise<void>, more: Script = {}): Promise<void> {
  const doubled: number[] = [];
  const script: Script = {
    'samples.double': ({ data }) => {
      doubled.push(data);
      return Promise.resolve(data * 2);
    },
    ...more,
  };
  await world.withWorkers(() => work(doubled), { script });
}

describe('a call with links', () => {
  it('has its result while the link waits, and revoking it then changes nothing', async () => {
    await noting(async (doubled) => {
      const { client } = world;
      const task = await client.task('samples.add').call({ a: 1, b: 2 }, { link: double({ countdown: 3 }) });
      expect(await task.result({ timeoutMs: 2_500 })).toBe(3);
      await expect(task.revoke({ terminate: true })).rejects.toBeInstanceOf(Ended);
      await expect(world.temporal.client.workflow.getHandle(task.id).terminate()).rejects.toThrow(
        /completed|not found/,
      );
      expect(await task.status()).toMatchObject({ state: 'SUCCESS', result: 3 });
      expect(doubled).toEqual([]);
      await eventually(() => doubled.length === 1);
      expect(doubled).toEqual([3]);
    });
  });

  it('fails at once while its error callback waits, which is told the failure', async () => {
    const told: unknown[] = [];
    const script: Script = {
      'samples.square': () => Promise.reject(new TypeError('no square')),
      'samples.validateData': ({ data }) => {
        told.push(data);
        return Promise.resolve(data);
      },
    };
    await noting(async () => {
      const linkError = {
        ...call('samples.validateData', { data: [7] }, { countdown: 3 }),
        immutable: true,
      };
      const task = await world.client.task('samples.square').call({ data: 3 }, { linkError });
      await expect(task.result({ timeoutMs: 2_500 })).rejects.toMatchObject({ type: 'Unexpected' });
      expect(told).toEqual([]);
      await eventually(() => told.length === 1);
      expect(told).toEqual([[7]]);
    }, script);
  });

  it('a run that is terminated while it waits for another call has sent its links for good', async () => {
    const door = gate();
    const script: Script = {
      'samples.square': async ({ data }, { signal }) => {
        await door.pass(signal);
        return data * data;
      },
    };
    await noting(async (doubled) => {
      const { canvas } = world.client;
      const link = double({ countdown: 2 });
      const tasks = [call('samples.addOne', { data: 1 }, { link }), call('samples.square', { data: 2 })];
      const run = await canvas.run({ task: 'celery.group', kwargs: { tasks } }, { id: 'terminated' });
      await eventually(async () => (await canvas.progress('terminated')).total === 3);
      await world.temporal.client.workflow.getHandle(run.id).terminate();
      await eventually(() => doubled.length === 1);
      expect(doubled).toEqual([2]);
      door.open();
    }, script);
  });
});

describe('a canvas whose members have links', () => {
  it('does not wait for them; tree, counts, revocation and repetition know of them', async () => {
    await noting(
      async (doubled) => {
        const { canvas } = world.client;
        const linked = call('samples.addOne', { data: 1 }, { link: [double(), double(later)] });
        const failing = call('samples.square', { data: 3 });
        const run = await canvas.run({ task: 'celery.group', kwargs: { tasks: [linked, failing] } }, { id: 'members' });
        await expect(run.result({ timeoutMs: 20_000 })).rejects.toMatchObject({ type: 'Unexpected' });
        await eventually(() => doubled.length === 1);
        await eventually(async () => (await canvas.progress('members')).succeeded === 2);
        expect(await canvas.progress('members')).toMatchObject({
          ...{ status: 'failed', over: false, total: 4 },
          ...{ succeeded: 2, failed: 1, waiting: 1, skipped: 0 },
        });
        expect(await canvas.tree('members', { path: 'root/0/link/0' })).toMatchObject({
          role: 'link',
          state: 'succeeded',
        });
        expect(await canvas.tree('members', { path: 'root/0/link/1' })).toMatchObject({
          role: 'link',
          state: 'waiting',
        });
        // What they will give is not known yet: they would be called twice.
        await expect(canvas.retryFailed('members')).rejects.toMatchObject({ type: 'RunNotOver' });
        expect(await canvas.revoke('members', 'root/0/link/1')).toMatchObject({ calls: 1 });
        await expect(canvas.revoke('members', 'root/1')).rejects.toBeInstanceOf(Ended);
        await eventually(async () => (await canvas.progress('members')).over);
        expect(await canvas.progress('members')).toMatchObject({ succeeded: 2, failed: 1, revoked: 1 });
        const again = await canvas.retryFailed('members');
        await expect(again.result({ timeoutMs: 20_000 })).rejects.toMatchObject({ type: 'Unexpected' });
        expect(doubled).toEqual([2]);
      },
      { 'samples.square': () => Promise.reject(new TypeError('no square')) },
    );
  });
});

describe('callbacks of a run that is over', () => {
  const both = [double(later), { task: 'celery.chain', kwargs: { tasks: [double(later)] }, subtask_type: 'chain' }];
  const linking = [{ link: [double(later)] }, {}, {}, { link: both }, {}];
  const tasks = linking.map((links) => call('samples.addOne', {}, links));

  it.each([
    // Steps of a chain end one after the other, so their callbacks do not become due together.
    { of: 'a run', task: 'celery.chain', weight: 1_000, ids: /^canvas:indexed-1000\/detached\// },
    { of: 'its parts', task: 'celery.group', weight: 2, ids: /^canvas:indexed-2\/part\/.*\/detached\// },
  ])('are listed below its root with its tenant, and revoked by a filter: those of $of', async (row) => {
    await noting(async (doubled) => {
      const { client, temporal } = world;
      const [root, tenant] = [`canvas:indexed-${String(row.weight)}`, `tenant-${String(row.weight)}`];
      const canvas = { task: row.task, kwargs: { tasks } };
      const run = await temporal.client.workflow.start('runCanvas', {
        workflowId: root,
        taskQueue: queues.workflows,
        args: [{ canvas, kwargs: { data: 1 }, tenant, weight: row.weight }],
        typedSearchAttributes: indexedAs({ task: row.task, root, tenant }),
      });
      await run.result();
      const list = () => client.tasks.list({ root, tenant });
      // The index knows of an end a moment later.
      await eventually(async () => (await list()).filter(({ state }) => state === 'SUCCESS').length === 1);
      await eventually(async () => (await list()).length === 3);
      const listed = (await list()).filter(({ task_id: id }) => id !== root);
      for (const { task_id: id } of listed) expect(id).toMatch(row.ids);
      expect(listed.map(({ task_name: name }) => name).sort()).toEqual(['celery.group', 'samples.double']);
      await eventually(async () => (await client.canvas.progress(root)).waiting === 3);
      expect(await client.tasks.revoke({ root })).toMatchObject({ matched: 2 });
      await eventually(async () => (await client.canvas.progress(root)).over);
      expect(await client.canvas.progress(root)).toMatchObject({ total: 8, succeeded: 5, skipped: 3 });
      expect(doubled).toEqual([]);
    });
  });
});
