/** Calls of canvases by their ids on a real server: through the client, the API and the command line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPerennial, Ended, NotFound, type PerennialClient, Stopped } from '../../../client/index.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import type { CanvasTreeNode } from '../../../contracts/canvas/views.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { eventually, gate, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
/** Another process, which has started nothing. */
let stranger: PerennialClient;
beforeAll(async () => {
  world = await startTaskWorld();
  stranger = await connectPerennial(world.temporal.endpoint);
});
afterAll(async () => {
  await stranger.close();
  await world.stop();
});

const call = (task: string, kwargs: Record<string, unknown>, options: Signature['options'] = {}): Signature => ({
  task: `samples.${task}`,
  kwargs,
  options,
  immutable: true,
});
const compose = (kind: string, kwargs: Record<string, unknown>, options: Signature['options'] = {}): Signature => ({
  task: `celery.${kind}`,
  kwargs,
  subtask_type: kind,
  options,
});
const square = (data: number, options: Signature['options'] = {}): Signature => call('square', { data }, options);

const flat = (node: CanvasTreeNode): readonly CanvasTreeNode[] => [node, ...(node.children ?? []).flatMap(flat)];

/** The ids of all calls of a run, as whoever watches it sees them. */
async function idsOf(run: string): Promise<readonly string[]> {
  return flat(await world.client.canvas.tree(run)).flatMap(({ id }) => id ?? []);
}

describe('B8 a call of a canvas, by its id', () => {
  it('is waiting, at work, and has a result, while the canvas goes on and when it is over', async () => {
    const door = gate();
    const seen: string[] = [];
    const script: Script = {
      'samples.addOne': async ({ data }, { taskId, signal }) => {
        seen.push(taskId);
        await door.pass(signal);
        return data + 1;
      },
    };
    const canvas = compose('chain', {
      tasks: [square(3, { task_id: 'given-1' }), call('addOne', { data: 1 }, { task_id: 'given-2' }), square(5)],
    });
    await world.withWorkers(
      async () => {
        const run = await world.client.canvas.run(canvas, { id: 'polled', tenant: 'acme' });
        await eventually(() => seen.length === 1);
        for (const client of [world.client, stranger]) {
          expect(await client.tasks.get('given-1').status()).toMatchObject({
            task_id: 'given-1',
            task_name: 'samples.square',
            tenant: 'acme',
            state: 'SUCCESS',
            result: 9,
            ready: true,
          });
          expect(await client.tasks.get('given-2').status()).toMatchObject({ state: 'STARTED', ready: false });
        }
        const last = (await world.client.canvas.tree('polled')).children?.at(-1);
        expect(last).toMatchObject({ path: 'root/2', state: 'waiting' });
        const waiting = stranger.tasks.get('given-2').result();
        door.open();
        expect(await waiting).toBe(2);
        expect(await run.result()).toBe(25);
      },
      { script },
    );
    await world.withWorkers(async () => {
      const ids = await idsOf('polled');
      expect(ids).toEqual(['given-1', 'given-2', expect.stringMatching(/^canvas:polled\/\d+$/)]);
      const results = ids.map((id) => stranger.tasks.get(id).result());
      expect(await Promise.all(results)).toEqual([9, 2, 25]);
    });
    expect(seen).toEqual(['given-2']);
  });

  it('an unknown one is an error, as that of any task', async () => {
    for (const id of ['nobody', 'canvas:polled/999', 'nobody/3'])
      await expect(stranger.tasks.get(id).status()).rejects.toBeInstanceOf(NotFound);
  });
});
