/** Calls of canvases by their ids on a real server: through the client, the API and the command line. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPerennial, Ended, NotFound, type PerennialClient, Stopped } from '../../../client/index.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import type { CanvasTreeNode } from '../../../contracts/canvas/views.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { compose } from '../../support/canvas/signatures.ts';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';
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
const square = (data: number, options: Signature['options'] = {}): Signature => call('square', { data }, options);

const flat = (node: CanvasTreeNode): readonly CanvasTreeNode[] => [node, ...(node.children ?? []).flatMap(flat)];

/** The state of a call; nothing while the server does not know it. */
async function stateFor(client: PerennialClient, id: string): Promise<string | undefined> {
  try {
    return (await client.tasks.get(id).status()).state;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

const isUnderWay = (state: string | undefined): boolean => state === 'PENDING' || state === 'STARTED';

/** The ids of all calls of a run, as whoever watches it sees them. */
async function idsOf(run: string): Promise<readonly string[]> {
  return flat(await world.client.canvas.tree(run)).flatMap(({ id }) => id ?? []);
}

describe('a call of a canvas, by its id', () => {
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

  it('is found by others as soon as the canvas has been started', async () => {
    const { app } = testApi({}, { tasks: stranger.tasks });
    const missed: string[] = [];
    await world.withWorkers(async () => {
      for (let turn = 0; turn < 10; turn += 1) {
        const id = `at-once-${String(turn)}`;
        const run = await world.client.canvas.run(compose('group', { tasks: [square(2), square(3, { task_id: id })] }));
        const [state, answer] = await Promise.all([
          stateFor(stranger, id),
          request(app).get(`/v1/tasks/${encodeURIComponent(id)}`),
        ]);
        if (state === undefined || answer.status !== 200) missed.push(`${id}: ${state ?? 'unknown'}, ${answer.status}`);
        await run.result();
      }
    });
    expect(missed).toEqual([]);
  });

  it('is found over HTTP and by the command line', async () => {
    await world.withWorkers(async () => {
      const run = await world.client.canvas.run(
        compose('group', { tasks: [square(2), square(3, { task_id: 'told' })] }),
      );
      await run.result();
      const { app } = testApi({}, { tasks: stranger.tasks });
      const cli = testCli();
      Object.assign(cli.client, { tasks: stranger.tasks });
      for (const id of await idsOf(run.id)) {
        const info = await stranger.tasks.get(id).status();
        expect(info).toMatchObject({ task_id: id, state: 'SUCCESS', result: id === 'told' ? 9 : 4 });
        expect((await request(app).get(`/v1/tasks/${encodeURIComponent(id)}`)).body).toEqual(info);
        expect(JSON.parse((await cli.run('tasks', 'status', id, '--json')).stdout)).toEqual(info);
        expect(JSON.parse((await cli.run('tasks', 'result', id)).stdout)).toBe(info.result);
      }
    });
  });

  it('in packs, steps and bodies of which share an activity, as the tasks themselves see it', async () => {
    const tiny = (data: number): Signature => call('addOneTiny', { data });
    const sum: Signature = { task: 'samples.sumTiny', options: { task_id: 'tiny-sum' } };
    const canvas = compose('chord', { header: [tiny(1), tiny(2), tiny(3)], body: sum });
    await world.withWorkers(async () => {
      const run = await world.client.canvas.run(canvas, { id: 'packed' });
      expect(await run.result()).toBe(9);
      const results = (await idsOf(run.id)).map((id) => stranger.tasks.get(id).result());
      expect(await Promise.all(results)).toEqual([2, 3, 4, 9]);
    });
  });

  it('in parts, also one whose part has not begun, however many ids callers give', async () => {
    const door = gate();
    const script: Script = {
      'samples.square': async ({ data }, { signal }) => {
        if (data === 0) await door.pass(signal);
        return data * data;
      },
    };
    const members = Array.from({ length: 1_000 }, (_, n) => square(n < 500 ? 0 : n, { task_id: `many-${String(n)}` }));
    await world.withWorkers(
      async () => {
        const run = await world.client.canvas.run(compose('group', { tasks: members }), { id: 'many' });
        // The index that other processes ask lags behind.
        await eventually(async () => isUnderWay(await stateFor(stranger, 'many-1')));
        expect(await stranger.tasks.get('many-999').status()).toMatchObject({ state: 'PENDING', ready: false });
        door.open();
        await run.result();
        for (const n of [0, 499, 500, 999])
          expect(await stranger.tasks.get(`many-${String(n)}`).result()).toBe(n < 500 ? 0 : n * n);
      },
      { script },
    );
  });

  it('in nested chords, links, error callbacks, maps, and what takes the place of a task', async () => {
    const script: Script = {
      'samples.addOne': () => Promise.reject(new PerennialError('FileMissing', 'the file has gone')),
    };
    const inner = compose('chord', {
      header: [square(1), square(2)],
      body: { task: 'samples.sum', options: { task_id: 'inner' } },
    });
    const canvas = compose('group', {
      tasks: [
        compose('chord', { header: [inner, square(3)], body: { task: 'samples.sum', options: { task_id: 'outer' } } }),
        square(4, { link: [call('double', { data: 8 }, { task_id: 'link' })] }),
        compose('map', { task: { task: 'samples.square' }, it: [1, 2, 3] }, { task_id: 'map' }),
        call('sumOfSquares', { data: [1, 2, 3] }, { task_id: 'replaced' }),
        call(
          'addOne',
          { data: 1 },
          { task_id: 'fails', link_error: [call('double', { data: 9 }, { task_id: 'errback' })] },
        ),
        compose('chain', { tasks: [call('addOne', { data: 1 }), square(1, { task_id: 'never' })] }),
        compose('chord', {
          header: [call('addOne', { data: 1 })],
          body: { task: 'samples.sum', options: { task_id: 'body' } },
        }),
      ],
    });
    await world.withWorkers(
      async () => {
        const run = await world.client.canvas.run(canvas, { id: 'shapes' });
        await expect(run.result()).rejects.toMatchObject({ type: 'FileMissing' });
        const gives: Readonly<Record<string, unknown>> = {
          inner: 5,
          outer: 14,
          link: 16,
          map: [1, 4, 9],
          replaced: 14,
          errback: 18,
        };
        for (const [id, result] of Object.entries(gives))
          expect([id, await stranger.tasks.get(id).result({ timeoutMs: 20_000 })]).toEqual([id, result]);
        for (const id of ['fails', 'never', 'body']) {
          const info = { exc_type: 'FileMissing', exc_message: expect.stringContaining('the file has gone') as string };
          expect(await stranger.tasks.get(id).status()).toMatchObject({ state: 'FAILURE', failed: true, info });
          await expect(stranger.tasks.get(id).result()).rejects.toBeInstanceOf(PerennialError);
        }
      },
      { script },
    );
  });

  it('with limits, where it is a run of its own, which sees the same id', async () => {
    const seen: string[] = [];
    const script: Script = {
      'samples.square': ({ data }, { taskId }) => {
        seen.push(taskId);
        return Promise.resolve(data * data);
      },
    };
    const limits = [{ key: 'a', concurrency: 1 }];
    const canvas = compose('group', { tasks: [square(2, { limits, task_id: 'limited' }), square(3, { limits })] });
    await world.withWorkers(
      async () => {
        const run = await world.client.canvas.run(canvas, { id: 'limits' });
        await run.result();
        const ids = await idsOf(run.id);
        expect([...seen].sort()).toEqual([...ids].sort());
        expect(await Promise.all(ids.map((id) => stranger.tasks.get(id).result()))).toEqual([4, 9]);
      },
      { script },
    );
  });

  it('has long results, which the history holds, while the canvas goes on', async () => {
    const door = gate();
    const long = 'x'.repeat(10_000);
    const script: Script = {
      'samples.square': async (_input, { signal }) => {
        await door.pass(signal);
        return 0;
      },
    };
    const canvas = compose('chain', { tasks: [call('upperCase', { data: long }, { task_id: 'long' }), square(1)] });
    await world.withWorkers(
      async () => {
        const run = await world.client.canvas.run(canvas, { id: 'long' });
        expect(await world.client.tasks.get('long').result()).toBe(long.toUpperCase());
        expect(await stranger.tasks.get('long').result()).toBe(long.toUpperCase());
        door.open();
        await run.result();
        expect(await stranger.tasks.get('long').result()).toBe(long.toUpperCase());
      },
      { script },
    );
  });

  it('is revoked alone; the rest goes on', async () => {
    const door = gate();
    const script: Script = {
      'samples.square': async ({ data }, { signal }) => {
        await door.pass(signal);
        return data;
      },
    };
    const tasks = [square(1, { task_id: 'revoked' }), square(2, { task_id: 'goes-on' })];
    await world.withWorkers(
      async () => {
        const run = await world.client.canvas.run(compose('group', { tasks }), { id: 'revoked' });
        await eventually(async () => (await world.client.tasks.get('goes-on').status()).state === 'STARTED');
        expect(await world.client.tasks.get('revoked').revoke({ terminate: true })).toMatchObject({
          task_id: 'revoked',
        });
        await expect(stranger.tasks.get('revoked').result()).rejects.toBeInstanceOf(Stopped);
        door.open();
        await expect(run.result()).rejects.toMatchObject({ type: 'TaskRevoked' });
        expect(await stranger.tasks.get('goes-on').result()).toBe(2);
        await expect(stranger.tasks.get('goes-on').revoke()).rejects.toBeInstanceOf(Ended);
      },
      { script },
    );
  });

  it('an unknown one is an error, as that of any task', async () => {
    await world.withWorkers(async () => {
      for (const id of ['nobody', 'canvas:polled/999', 'nobody/3'])
        await expect(stranger.tasks.get(id).status()).rejects.toBeInstanceOf(NotFound);
    });
  });
});
