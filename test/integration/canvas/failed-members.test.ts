/** Failed calls of canvases by their ids: where they failed, and what to do about it. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { compose } from '../../support/canvas/signatures.ts';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';
import { type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const call = (task: string, kwargs: Record<string, unknown>, options: Signature['options'] = {}): Signature => ({
  task: `samples.${task}`,
  kwargs,
  options,
  immutable: true,
});

/** Fails as a body does whose vendor threw, so that the stack names this function. */
function failInBody(): Promise<never> {
  return Promise.reject(new PerennialError('FileMissing', 'the file has gone', { cause: new TypeError('vendor') }));
}

let broken = true;
const script: Script = {
  'samples.addOne': ({ data }) => (broken ? failInBody() : Promise.resolve(data + 1)),
  'samples.addOneTiny': ({ data }) => (broken ? failInBody() : Promise.resolve(data + 1)),
};

const limits = [{ key: 'a', concurrency: 1 }];
const SHAPES: readonly (readonly [id: string, tasks: readonly Signature[]])[] = [
  ['alone', [call('addOne', { data: 1 }, { task_id: 'alone' })]],
  [
    'packed',
    [
      call('addOneTiny', { data: 1 }, { task_id: 'packed' }),
      call('addOneTiny', { data: 2 }),
      call('addOneTiny', { data: 3 }),
    ],
  ],
  ['limited', [call('addOne', { data: 1 }, { task_id: 'limited', limits })]],
  [
    'in-part',
    [
      ...Array.from({ length: 600 }, (_, n) => call('double', { data: n })),
      call('addOne', { data: 1 }, { task_id: 'in-part' }),
    ],
  ],
];

describe('a failed call of a canvas', () => {
  it.each(SHAPES)('MON-4 MON-5 shows where it failed, and names the canvas that repeats it: %s', async (id, tasks) => {
    broken = true;
    await world.withWorkers(
      async () => {
        const { canvas, tasks: calls } = world.client;
        const name = `failing-${id}`;
        const run = await canvas.run(compose('group', { tasks: [...tasks] }), { id: name });
        await expect(run.result()).rejects.toMatchObject({ type: 'FileMissing' });
        const info = await calls.get(id).status();
        expect(info).toMatchObject({ state: 'FAILURE', traceback: expect.stringContaining('failInBody') as string });
        const refused = { type: 'MemberOfCanvas', message: expect.stringContaining(`'${run.id}'`) as string };
        await expect(calls.retry(id)).rejects.toMatchObject(refused);
        broken = false;
        const again = await canvas.retryFailed(run.id);
        await again.result();
        await expect(run.result()).rejects.toMatchObject({ type: 'FileMissing' });
      },
      { script },
    );
  });

  it('MON-5 is refused over HTTP and by the command line, also as the run of its own that limits make of it', async () => {
    broken = true;
    await world.withWorkers(
      async () => {
        const { client } = world;
        const tasks = [call('addOne', { data: 1 }, { limits })];
        const run = await client.canvas.run(compose('group', { tasks }), { id: 'refused' });
        await expect(run.result()).rejects.toMatchObject({ type: 'FileMissing' });
        const [{ id = '' } = {}] = (await client.canvas.tree(run.id)).children ?? [];
        const { app } = testApi({}, { tasks: client.tasks });
        const answer = await request(app)
          .post(`/v1/tasks/${encodeURIComponent(id)}/retry`)
          .send({});
        expect([answer.status, answer.body]).toMatchObject([409, { failure: { type: 'MemberOfCanvas' } }]);
        const cli = testCli();
        Object.assign(cli.client, { tasks: client.tasks });
        const { code, stderr } = await cli.run('tasks', 'retry', id);
        expect(code).toBe(2);
        expect(stderr).toContain(`a call of the canvas '${run.id}'`);
        expect(stderr).toContain('perennial canvas retry');
      },
      { script },
    );
  });
});
