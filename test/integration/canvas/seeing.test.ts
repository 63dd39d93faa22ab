/** Watching canvases on a real server, and running their failed members again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotFound } from '../../../client/index.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import type { CanvasTreeNode } from '../../../contracts/canvas/views.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { compose } from '../../support/canvas/signatures.ts';
import { eventually, gate, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const call = (task: string, kwargs: Record<string, unknown>, options: Signature['options'] = {}): Signature => ({
  task: `samples.${task}`,
  kwargs,
  options,
});
const addOne = (data: number, options: Signature['options'] = {}): Signature => call('addOne', { data }, options);
const square = (data: number): Signature => ({ ...call('square', { data }), immutable: true });

const flat = (node: CanvasTreeNode): readonly CanvasTreeNode[] => [node, ...(node.children ?? []).flatMap(flat)];

describe('MON-4 a canvas that is under way', () => {
  it('MON-4 PERF-1 shows attempts, wait, run time and back-off of each node, and nothing of its arguments or results', async () => {
    const door = gate();
    const script: Script = {
      'samples.addOne': ({ data }) => Promise.resolve(data + 1),
      'samples.square': async (_input, { signal }) => {
        await door.pass(signal);
        return 4;
      },
      'samples.sum': () =>
        Promise.reject(new PerennialError('BackendUnavailable', 'the other side is away', { retryAfterMs: 2_000_000 })),
    };
    const canvas = compose('chain', {
      tasks: [
        addOne(7_310_441),
        compose('group', { tasks: [square(2), { ...call('sum', { data: [1] }), immutable: true }] }),
        addOne(1),
      ],
    });
    await world.withWorkers(
      async () => {
        const { client } = world;
        const run = await client.canvas.run(canvas, { id: 'watched', tenant: 'acme' });
        await eventually(async () => (await client.canvas.progress(run.id)).retrying === 1);
        expect(await client.canvas.progress('watched')).toMatchObject({
          id: 'canvas:watched',
          status: 'running',
          total: 4,
          succeeded: 1,
          running: 1,
          retrying: 1,
          waiting: 1,
          over: false,
          remainingMs: expect.any(Number) as number,
        });
        const nodes = flat(await client.canvas.tree('watched'));
        const by = Object.fromEntries(nodes.map((node) => [node.path, node]));
        expect(nodes.map(({ kind, role, state }) => `${kind} ${role} ${state}`)).toEqual([
          'chain root running',
          'call step succeeded',
          'chord step running',
          'call header running',
          'call header retrying',
          'call body waiting',
        ]);
        expect(by['root/0']).toMatchObject({
          task: 'samples.addOne',
          attempts: 1,
          queueWaitMs: expect.any(Number) as number,
          runMs: expect.any(Number) as number,
        });
        expect(by['root/1/0']).toMatchObject({ attempts: 1, startedAt: expect.any(String) as string });
        expect(by['root/1/1']).toMatchObject({
          attempts: expect.any(Number) as number,
          backoffMs: expect.any(Number) as number,
          nextAttemptAt: expect.any(String) as string,
          failure: { type: 'BackendUnavailable', message: 'the other side is away' },
        });
        expect(JSON.stringify(nodes)).not.toMatch(/731044/);
        door.open();
        await client.canvas.cancel('watched');
        await expect(run.result()).rejects.toMatchObject({ how: 'cancelled' });
        expect(await client.canvas.progress('watched')).toMatchObject({ status: 'cancelled', over: true, running: 0 });
      },
      { script },
    );
  });

  it('the index and the Web UI know task, tenant, state and root of a run, and its counts', async () => {
    await world.withWorkers(async () => {
      const run = await world.client.canvas.run(compose('group', { tasks: [addOne(1), addOne(2)] }), {
        tenant: 'umbrella',
      });
      await run.result();
      await eventually(async () => (await world.client.tasks.list({ tenant: 'umbrella' }))[0]?.state === 'SUCCESS');
      const listed = await world.client.tasks.list({ root: run.id });
      expect(listed).toMatchObject([{ task_id: run.id, task_name: 'celery.group', tenant: 'umbrella' }]);
      const metadata = await world.temporal.client.workflow
        .getHandle(run.id)
        .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      expect(metadata.currentDetails).toBe('celery.group: 2 of 2 calls done');
    });
  });

  it('an unknown run or path is an error', async () => {
    await world.withWorkers(async () => {
      const { canvas } = world.client;
      await expect(canvas.progress('nobody')).rejects.toBeInstanceOf(NotFound);
      await expect(canvas.retryFailed('nobody')).rejects.toBeInstanceOf(NotFound);
      await (await canvas.run(addOne(1), { id: 'small' })).result();
      await expect(canvas.tree('small', { path: 'root/7' })).rejects.toBeInstanceOf(NotFound);
      await expect(canvas.tree('small', { limit: 0 })).rejects.toThrow('query.limit');
      await expect(canvas.retryFailed('small')).rejects.toMatchObject({ type: 'NothingFailed' });
    });
  });
});

describe('CANVAS-3 running failed members again', () => {
  it('CANVAS-3 makes only the failed calls again, once; results in order; callbacks are not repeated', async () => {
    const calls: string[] = [];
    let broken = true;
    const script: Script = {
      'samples.addOne': ({ data }) => {
        calls.push(`addOne ${data}`);
        return broken && data === 2
          ? Promise.reject(new PerennialError('FileMissing', 'the file has gone'))
          : Promise.resolve(data + 1);
      },
      'samples.double': ({ data }) => {
        calls.push(`linked ${data}`);
        return Promise.resolve(data * 2);
      },
      'samples.sum': ({ data }) => {
        calls.push(`sum ${data.join(' ')}`);
        return Promise.resolve(data.reduce((sum, one) => sum + one, 0));
      },
    };
    const header = [addOne(1, { link: call('double', {}) }), addOne(2), addOne(3)];
    await world.withWorkers(
      async () => {
        const { canvas } = world.client;
        const first = await canvas.run(compose('chord', { header, body: call('sum', {}), kwargs: {} }), {
          id: 'again',
        });
        await expect(first.result()).rejects.toMatchObject({ type: 'FileMissing' });
        expect(await canvas.failedMembers('again')).toEqual([
          expect.objectContaining({
            path: 'root/header/1',
            task: 'samples.addOne',
            type: 'FileMissing',
            state: 'failed',
          }),
        ]);
        expect(await canvas.progress('again')).toMatchObject({ status: 'failed', failed: 1, succeeded: 3, skipped: 1 });
        broken = false;
        calls.length = 0;
        const [second, twin] = await Promise.all([canvas.retryFailed('again'), canvas.retryFailed('again')]);
        expect(twin.id).toBe(second.id);
        expect(second.id).toMatch(/^canvas:again\.retry-1-[0-9a-f]{8}$/);
        expect(await second.result()).toBe(2 + 3 + 4);
        expect(calls).toEqual(['addOne 2', 'sum 2 3 4']);
        expect(await canvas.progress(second.id)).toMatchObject({ kept: 3, succeeded: 5, retryOf: 'canvas:again' });
        expect((await canvas.tree(second.id)).children?.map(({ kept }) => kept ?? false)).toEqual([
          true,
          false,
          true,
          false,
        ]);
        expect((await canvas.retryFailed('again')).id).toBe(second.id);
        expect(calls).toHaveLength(2);
      },
      { script },
    );
  });

  it('CANVAS-2 of a run in parts too: outcomes, counts and revocations reach the parts', async () => {
    const calls: number[] = [];
    const aborted: number[] = [];
    let broken = true;
    const door = gate();
    const script: Script = {
      'samples.addOne': ({ data }) => {
        calls.push(data);
        return broken && data === 7
          ? Promise.reject(new PerennialError('FileMissing', 'the file has gone'))
          : Promise.resolve(data + 1);
      },
      'samples.square': async ({ data }, { signal }) => {
        signal.addEventListener('abort', () => aborted.push(data), { once: true });
        await door.pass(signal);
        return data;
      },
    };
    const startInParts = (id: string, tasks: readonly Signature[]) =>
      world.temporal.client.workflow.start('runCanvas', {
        workflowId: `canvas:${id}`,
        taskQueue: 'perennial.workflows',
        args: [{ canvas: compose('group', { tasks }), weight: 4 }],
      });
    const numbers = Array.from({ length: 12 }, (_, n) => n);
    await world.withWorkers(
      async () => {
        const { canvas } = world.client;
        const first = await startInParts(
          'in-parts',
          numbers.map((n) => addOne(n)),
        );
        await expect(first.result()).rejects.toThrow();
        expect(await canvas.progress('in-parts')).toMatchObject({ total: 12, succeeded: 11, failed: 1 });
        broken = false;
        calls.length = 0;
        const again = await canvas.retryFailed('in-parts');
        expect(await again.result()).toEqual(numbers.map((n) => n + 1));
        expect(calls).toEqual([7]);
        expect(await canvas.progress(again.id)).toMatchObject({ total: 12, succeeded: 12, kept: 11 });

        const held = await startInParts(
          'held',
          numbers.map((n) => square(n)),
        );
        await eventually(async () => (await canvas.progress('held')).running === 8);
        expect(await canvas.progress('held')).toMatchObject({ total: 12, waiting: 4, over: false });
        expect(await canvas.revoke('held', 'root/2')).toMatchObject({ calls: 1 });
        expect(await canvas.revoke('held', 'root/7')).toMatchObject({ calls: 1 });
        // Its part has not begun.
        await canvas.revoke('held', 'root/11');
        await eventually(() => aborted.length === 2);
        door.open();
        await expect(held.result()).rejects.toThrow();
        expect(await canvas.progress('held')).toMatchObject({ succeeded: 9, revoked: 3, over: true });
      },
      { script },
    );
  });

  it('waits for the end of a run, and repeats one that was stopped by force', async () => {
    const door = gate();
    const script: Script = {
      'samples.square': async ({ data }, { signal }) => {
        if (data === 5) await door.pass(signal);
        return data * data;
      },
    };
    await world.withWorkers(
      async () => {
        const { canvas } = world.client;
        const run = await canvas.run(compose('group', { tasks: [square(4), square(5)] }), { id: 'stopped' });
        await eventually(async () => (await canvas.progress('stopped')).succeeded === 1);
        await expect(canvas.retryFailed('stopped')).rejects.toMatchObject({ type: 'RunNotOver' });
        await world.temporal.client.workflow.getHandle(run.id).terminate('by an operator');
        expect(await canvas.progress('stopped')).toMatchObject({ status: 'terminated', revoked: 1, running: 0 });
        expect((await canvas.tree('stopped')).children?.map(({ state }) => state)).toEqual(['succeeded', 'revoked']);
        door.open();
        expect(await (await canvas.retryFailed('stopped')).result()).toEqual([16, 25]);
      },
      { script },
    );
  });
});
