/** Watching canvases that are run in parts, on a real server. A weight of 4 stands for the 1,000 of users. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotFound } from '../../../client/index.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import type { CanvasTreeNode } from '../../../contracts/canvas/views.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { eventually, gate, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const call = (task: string, data: number, options: Signature['options'] = {}): Signature => ({
  task: `samples.${task}`,
  kwargs: { data },
  options,
});
const compose = (kind: string, tasks: readonly Signature[]): Signature => ({
  task: `celery.${kind}`,
  kwargs: { tasks },
  subtask_type: kind,
});
const times = (count: number, member: (n: number) => Signature): readonly Signature[] =>
  Array.from({ length: count }, (_, n) => member(n));

const start = (id: string, canvas: Signature) =>
  world.temporal.client.workflow.start('runCanvas', {
    workflowId: `canvas:${id}`,
    taskQueue: 'perennial.workflows',
    args: [{ canvas, weight: 4 }],
  });

const statesOf = ({ children = [] }: CanvasTreeNode): readonly string[] => children.map(({ state }) => state);

/** Additions end at once, with 100 they fail; squares stand before the door. */
function scriptBehind(door: ReturnType<typeof gate>): Script {
  return {
    'samples.addOne': ({ data }) =>
      data === 100 ? Promise.reject(new PerennialError('FileMissing', 'the file has gone')) : Promise.resolve(data + 1),
    'samples.double': ({ data }) => Promise.resolve(data * 2),
    'samples.square': async ({ data }, { signal }) => {
      await door.pass(signal);
      return data;
    },
  };
}

describe('MON-4 a canvas that is run in parts', () => {
  it('MON-4 CANVAS-2 shows and counts what parts run, under way and over; a page asks few of them', async () => {
    const door = gate();
    const members = [
      ...times(3, (n) => call('addOne', n)),
      call('addOne', 100),
      ...times(8, (n) => call('addOne', n)),
      ...times(4, (n) => call('square', n)),
      compose('chain', [call('addOne', 1), { ...call('square', 1), immutable: true }]),
      call('addOne', 5, { link: { ...call('double', 5), immutable: true } }),
      ...times(5, (n) => call('square', n)),
    ];
    await world.withWorkers(
      async () => {
        const { canvas } = world.client;
        const run = await start('seen', compose('group', members));
        await eventually(async () => (await canvas.progress('seen')).running === 5);
        const under = await canvas.progress('seen');
        expect(under).toMatchObject({ succeeded: 14, failed: 1, total: 25, running: 5, waiting: 5, over: false });
        expect(under.remainingMs).toBeGreaterThan(0);

        const page = await canvas.tree('seen');
        const { children = [], next = 0 } = page;
        expect(page).toMatchObject({ kind: 'group', state: 'running', size: 23 });
        expect(new Set(children.map(({ part }) => part)).size).toBe(4);
        expect(children[12]).toMatchObject({
          role: 'member',
          path: 'root/12',
          state: 'running',
          part: expect.stringMatching(/^canvas:seen\/part\/\d/) as string,
          attempts: 1,
          queueWaitMs: expect.any(Number) as number,
          runMs: expect.any(Number) as number,
        });
        const rest = await canvas.tree('seen', { after: next });
        expect(rest).not.toHaveProperty('next');
        expect([...statesOf(page), ...statesOf(rest)]).toEqual([
          ...['succeeded', 'succeeded', 'succeeded', 'failed'],
          ...Array<string>(8).fill('succeeded'),
          ...Array<string>(4).fill('running'),
          ...['running', 'succeeded'],
          ...Array<string>(5).fill('waiting'), // for parts that have not begun: two are under way
        ]);
        expect(children[3]?.failure).toMatchObject({ type: 'FileMissing' });
        expect(statesOf(await canvas.tree('seen', { path: 'root/16' }))).toEqual(['succeeded', 'running']);
        expect(await canvas.tree('seen', { path: 'root/17/link/0' })).toMatchObject({
          role: 'link',
          state: 'succeeded',
        });
        await expect(canvas.tree('seen', { path: 'root/17/link/1' })).rejects.toBeInstanceOf(NotFound);

        door.open();
        await expect(run.result()).rejects.toThrow();
        expect(statesOf(await canvas.tree('seen', { path: 'root/16' }))).toEqual(['succeeded', 'succeeded']);
        expect((await canvas.tree('seen')).children?.[12]).toMatchObject({ state: 'succeeded', attempts: 1 });
        expect(await canvas.progress('seen')).toMatchObject({ succeeded: 24, failed: 1, running: 0, over: true });
      },
      { script: scriptBehind(door) },
    );
  });

  it('MON-4 CANVAS-1 shows each step of a long chain, and what became of a run that was stopped by force', async () => {
    const door = gate();
    const steps = [...times(7, (n) => call('addOne', n)), call('square', 2), ...times(3, (n) => call('addOne', n))];
    await world.withWorkers(
      async () => {
        const { canvas } = world.client;
        await start(
          'long',
          compose(
            'chain',
            steps.map((step) => ({ ...step, immutable: true })),
          ),
        );
        await eventually(async () => {
          const { succeeded, running } = await canvas.progress('long');
          return succeeded === 7 && running === 1;
        });
        const done = times(7, (n) => call('addOne', n)).map(() => 'succeeded');
        expect(statesOf(await canvas.tree('long'))).toEqual([...done, 'running', 'waiting', 'waiting', 'waiting']);
        await world.temporal.client.workflow.getHandle('canvas:long').terminate('by an operator');
        await eventually(async () => (await canvas.progress('long')).over);
        expect(await canvas.progress('long')).toMatchObject({
          status: 'terminated',
          succeeded: 7,
          revoked: 1,
          skipped: 3,
        });
        expect(statesOf(await canvas.tree('long'))).toEqual([...done, 'revoked', 'skipped', 'skipped', 'skipped']);
      },
      { script: scriptBehind(door) },
    );
  });
});
