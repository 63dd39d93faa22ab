/** Tasks that put a canvas in their place (Celery's `self.replace`) or send some, on a real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signature } from '../../../canvas/signature/signature.ts';
import type { CanvasTreeNode } from '../../../contracts/canvas/views.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { eventually, gate, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const call = (task: string, kwargs: Record<string, unknown> = {}, options: Signature['options'] = {}): Signature => ({
  task,
  kwargs,
  options,
});
const squares = (...data: number[]): Signature => ({ ...call('samples.sumOfSquares', { data }), immutable: true });
const chain = (...tasks: Signature[]): Signature => ({
  task: 'celery.chain',
  kwargs: { tasks },
  subtask_type: 'chain',
});
const chord = (header: Signature[], body: Signature): Signature => ({
  task: 'celery.chord',
  kwargs: { header, body, kwargs: {} },
  subtask_type: 'chord',
});

function statesOf(node: CanvasTreeNode): readonly string[] {
  return [`${node.path} ${node.state}`, ...(node.children ?? []).flatMap(statesOf)];
}

describe('a task that puts a canvas in its place', () => {
  it('called by name or in a stream, gives what the canvas gives', async () => {
    await world.withWorkers(async () => {
      const task = world.client.task('samples.sumOfSquares');
      const run = await task.call({ data: [1, 2, 3] }, { tenant: 'acme' });
      expect(await run.result()).toBe(14);
      expect(await run.status()).toMatchObject({ state: 'SUCCESS' });
      await eventually(async () => (await world.client.tasks.list({ root: run.id })).length === 2);
      const stream = world.client.tasks.stream();
      const streamed = await Promise.all([1, 2].map((n) => stream.call('samples.sumOfSquares', { data: [n] })));
      expect(await Promise.all(streamed.map((handle) => handle.result()))).toEqual([1, 4]);
    });
  });

  it('in a canvas, keeps its place: what follows, the header around it and its links wait for the whole', async () => {
    const told: unknown[] = [];
    const script: Script = {
      'samples.double': ({ data }) => Promise.resolve(void told.push(data)).then(() => data * 2),
    };
    await world.withWorkers(
      async () => {
        const { canvas } = world.client;
        const linked = { ...squares(3, 4), options: { link: [call('samples.double')] } };
        const run = await canvas.run(
          chain(chord([squares(1, 2), linked], call('samples.sum')), call('samples.addOne')),
          {
            id: 'replaced',
          },
        );
        expect(await run.result()).toBe(31);
        expect(told).toEqual([25]);
        const states = statesOf(await canvas.tree('replaced', { depth: 9, limit: 100 }));
        expect(states).toContain('root/0/header/0 replaced');
        expect(states).toContain('root/0/header/0/replaced/header/1 succeeded');
      },
      { script },
    );
  });

  it('fails with what fails there, its error callback told once; a repetition asks it for no other canvas', async () => {
    let broken = true;
    const asked: unknown[] = [];
    const told: unknown[] = [];
    const script: Script = {
      'samples.sumOfSquares': ({ data }, { replaceWith }) => {
        asked.push(data);
        return replaceWith(
          chord(
            data.map((n) => call('samples.square', { data: n })),
            call('samples.sum'),
          ),
        );
      },
      'samples.square': ({ data }) =>
        broken && data === 2 ? Promise.reject(new PerennialError('FileMissing', 'gone')) : Promise.resolve(data * data),
      'samples.validateData': (input) => Promise.resolve(void told.push(input)).then(() => []),
    };
    const linkError = [{ ...call('samples.validateData', { data: [7] }), immutable: true }];
    await world.withWorkers(
      async () => {
        const { canvas } = world.client;
        const options = { link_error: linkError };
        const run = await canvas.run(chain({ ...squares(1, 2), options }, call('samples.addOne')), { id: 'again' });
        await expect(run.result()).rejects.toMatchObject({ type: 'ChordError' });
        broken = false;
        const repeated = await canvas.retryFailed('again');
        expect(await repeated.result()).toBe(6);
        expect(asked).toEqual([[1, 2]]);
        expect(told).toEqual([{ data: [7] }]);
      },
      { script },
    );
  });

  it('is revoked with the canvas in its place', async () => {
    const door = gate();
    const begun: number[] = [];
    const aborted: number[] = [];
    const script: Script = {
      'samples.square': async ({ data }, { signal }) => {
        begun.push(data);
        signal.addEventListener('abort', () => aborted.push(data), { once: true });
        await door.pass(signal);
        return data;
      },
    };
    await world.withWorkers(
      async () => {
        const run = await world.client.task('samples.sumOfSquares').call({ data: [1, 2] });
        await eventually(() => begun.length === 2);
        await run.revoke({ terminate: true });
        await expect(run.result()).rejects.toMatchObject({ how: 'cancelled' });
        await eventually(() => aborted.length === 2);
      },
      { script },
    );
  });
});

describe('a task that sends canvases', () => {
  /** Sends two, and notes what they do; fails at first. */
  const sending = (noted: number[]): Script => ({
    'samples.sumOfSquares': ({ data }, { send, attempt }) => {
      for (const n of data) send(call('samples.square', { data: n }));
      if (attempt === 1) return Promise.reject(new PerennialError('BackendUnavailable', 'away'));
      return Promise.resolve(data.length);
    },
    'samples.square': ({ data }) => {
      noted.push(data);
      return data < 0 ? Promise.reject(new PerennialError('FileMissing', 'gone')) : Promise.resolve(data * data);
    },
  });

  it('in a canvas: once, when it has succeeded; nobody waits for them, and their failures touch nobody', async () => {
    const noted: number[] = [];
    await world.withWorkers(
      async () => {
        const map = { task: 'celery.map', kwargs: { task: call('samples.sumOfSquares'), it: [[5], [6, 7]] } };
        const run = await world.client.canvas.run(
          chain(chord([squares(1, -2), squares(3)], call('samples.sum')), map),
          {
            id: 'sending',
          },
        );
        expect(await run.result()).toEqual([1, 2]);
        await eventually(async () => (await world.client.canvas.progress('sending')).over);
        expect(noted.toSorted((a, b) => a - b)).toEqual([-2, 1, 3, 5, 6, 7]);
        const states = statesOf(await world.client.canvas.tree('sending', { depth: 9, limit: 100 }));
        expect(states).toContain('root/0/header/0/sent/1 failed');
      },
      { script: sending(noted) },
    );
  });

  it('called by name: they go on by themselves when it has ended', async () => {
    const door = gate();
    const script: Script = {
      ...sending([]),
      'samples.square': async ({ data }, { signal }) => {
        await door.pass(signal);
        return data * data;
      },
    };
    await world.withWorkers(
      async () => {
        const { client } = world;
        const run = await client.task('samples.sumOfSquares').call({ data: [8, 9] });
        expect(await run.result()).toBe(2);
        door.open();
        const states = async (): Promise<readonly string[]> =>
          (await client.tasks.list({ root: run.id })).map(({ state }) => state);
        await eventually(async () => (await states()).every((state) => state === 'SUCCESS'));
        expect(await states()).toHaveLength(3);
      },
      { script },
    );
  });
});

describe('what a task asks for in vain', () => {
  const failing = async (body: NonNullable<Script['samples.sumOfSquares']>): Promise<unknown> => {
    const inside = await world.withWorkers(
      async () => {
        const run = await world.client.canvas.run(squares(1));
        return run.result().catch((error: unknown) => error);
      },
      { script: { 'samples.sumOfSquares': body } },
    );
    return inside;
  };

  it('no canvas: the call fails with the path of the fault', async () => {
    const unknown = await failing((_input, { replaceWith }) =>
      replaceWith(chain(call('samples.addOne'), call('no.such'))),
    );
    expect(unknown).toMatchObject({
      type: 'InvalidOutput',
      message: expect.stringMatching(
        /^samples\.sumOfSquares: canvas\.kwargs\.tasks\[1\]\.task: expected .*no\.such/,
      ) as string,
    });
    const empty = await failing((_input, { replaceWith }) => replaceWith({} as Signature));
    expect(empty).toMatchObject({ type: 'InvalidOutput', message: expect.stringContaining('canvas') as string });
  });

  it('too many canvases to send: the call fails', async () => {
    const end = await failing((_input, { send }) => {
      for (let n = 0; n < 101; n += 1) send(call('samples.addOne', { data: n }));
      return Promise.resolve(0);
    });
    expect(end).toMatchObject({ type: 'InvalidOutput', message: expect.stringContaining('at most 100') as string });
  });

  it('itself for ever: the call fails after a hundred times', async () => {
    const end = await failing(({ data }, { replaceWith }) => replaceWith(squares(...data)));
    expect(end).toMatchObject({
      type: 'InvalidOutput',
      message: expect.stringContaining('got 100 in a row') as string,
    });
  });

  it('a task whose row does not say so: the call fails', async () => {
    const script: Script = { 'samples.addOne': (_input, { replaceWith }) => replaceWith(squares(1)) };
    await world.withWorkers(
      async () => {
        const run = await world.client.task('samples.addOne').call({ data: 1 });
        await expect(run.result()).rejects.toMatchObject({
          type: 'InvalidOutput',
          message: expect.stringContaining("expected its row to have 'composes: true'") as string,
        });
      },
      { script },
    );
  });
});
