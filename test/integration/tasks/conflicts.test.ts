/** One id for two contents, on the real server: nothing that a caller asks for is answered by the work of another call. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Conflict, connectPerennial, type PerennialClient } from '../../../client/index.ts';
import { startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

type Start = (client: PerennialClient, id: string, second: boolean) => Promise<{ readonly id: string }>;

const documents = (second: boolean) => [`2f1c7f3e-6c1b-4b7e-9d0a-6a1f7c9b8e2${second ? '2' : '1'}`];
const onServer = (id: string) => world.temporal.client.workflow.getHandle(id);

/** Each way to start something under a name of one's own. */
const starts: Readonly<Record<string, Start>> = {
  'a task with an idempotency key': (client, id, second) =>
    client.task('samples.addOne').call({ data: second ? 2 : 1 }, { idempotencyKey: id }),
  'a task with an id': (client, id, second) => client.task('samples.addOne').call({ data: second ? 2 : 1 }, { id }),
  'a task with a link': (client, id, second) =>
    client.task('samples.addOne').call({ data: 1 }, { id, ...(second ? { link: { task: 'samples.addOne' } } : {}) }),
  'a task of a tenant': (client, id, second) =>
    client.task('samples.addOne').call({ data: 1 }, { id, tenant: second ? 'acme' : 'other' }),
  'a batch': (client, id, second) => client.documents.batchOcr({ documentIds: documents(second) }, { id }),
  'an import': (client, id, second) =>
    client.imports.start({ source: { path: second ? '/srv/b.csv' : '/srv/a.csv' } }, { id }),
  'a canvas': (client, id, second) => client.canvas.run({ task: 'samples.add', args: [1, second ? 3 : 2] }, { id }),
  'a mailing': async (client, id, second) => {
    const recipients = [second ? 'b@example.com' : 'a@example.com'];
    return { id: (await client.email.sendBulk({ recipients, subject: 's', body: 'b' }, { id })).group_id };
  },
  'a message': (client, id, second) =>
    client.email.send({ to: 'a@example.com', subject: 's', body: second ? 'other' : 'one', messageKey: id }),
  'an onboarding': (client, id, second) =>
    client.email.onboard({ userId: id, email: second ? 'b@example.com' : 'a@example.com' }),
};

/** What is repeated at will once it is over: the name is that of a thing, not of a job. */
const repeated = new Set(['an onboarding']);
/** Work that a failed run leaves to the next one of the same name. */
const goesOn = new Set(['a batch', 'a mailing', 'a message']);

describe.each(Object.entries(starts))('%s', (what, start) => {
  const id = `conflict-${what.replaceAll(' ', '-')}`;

  it('is refused with other content, naming both, and joined with the same', async () => {
    const first = await start(world.client, id, false);
    const error: unknown = await start(world.client, id, true).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Conflict);
    const { first: before, second: now } = error as Conflict;
    expect([before, now].every((fingerprint) => /^[0-9a-f]{32}$/.test(fingerprint))).toBe(true);
    expect(before).not.toBe(now);
    expect((error as Conflict).message).toContain(before);
    expect((error as Conflict).message).not.toContain('example.com');
    const { runId } = await onServer(first.id).describe();
    expect((await start(world.client, id, false)).id).toBe(first.id);
    expect((await onServer(first.id).describe()).runId).toBe(runId);
  });

  it('after it was stopped, other content is refused where the first would go on, and never answered by it', async () => {
    const first = await start(world.client, id, false);
    const before = await onServer(first.id).describe();
    await onServer(first.id).terminate('test');
    const second = start(world.client, id, true);
    const single = what.startsWith('a task');
    if (goesOn.has(what) || single) {
      await expect(second).rejects.toBeInstanceOf(Conflict);
      await start(world.client, id, false);
    } else await second;
    const after = await onServer(first.id).describe();
    // A key of a task is one call, whatever became of it; everything else begins again.
    expect(after.runId === before.runId).toBe(single);
    if (repeated.has(what)) await expect(start(world.client, id, false)).rejects.toBeInstanceOf(Conflict);
  });
});

describe('the content', () => {
  it('of a call that is over is compared as well', async () => {
    await world.withWorkers(async () => {
      const caller = world.client.task('samples.addOne');
      const first = await caller.call({ data: 1 }, { idempotencyKey: 'over' });
      expect(await first.result()).toBe(2);
      await expect(caller.call({ data: 2 }, { idempotencyKey: 'over' })).rejects.toBeInstanceOf(Conflict);
      expect(await (await caller.call({ data: 1 }, { idempotencyKey: 'over' })).result()).toBe(2);
    });
  });

  it('is the same whatever the order of its keys, and with other times', async () => {
    const { client } = world;
    const signature = { task: 'samples.add', kwargs: { a: 1, b: 2 } };
    const first = await client.canvas.run(signature, { id: 'order' });
    expect((await client.canvas.run({ kwargs: { b: 2, a: 1 }, task: 'samples.add' }, { id: 'order' })).id).toBe(
      first.id,
    );
    const caller = client.task('samples.addOne');
    const early = await caller.call({ data: 1 }, { id: 'times', countdown: 30 });
    expect((await caller.call({ data: 1 }, { id: 'times', countdown: 60, priority: 9 })).id).toBe(early.id);
  });

  it('with one task_id for two calls under limits is refused where the canvas is checked, with the path', async () => {
    const call = (task_id: string) => ({
      task: 'samples.add',
      args: [1, 2],
      options: { task_id, limits: [{ key: 'k', concurrency: 1 }] },
    });
    const group = (ids: readonly string[]) => ({
      ...{ task: 'celery.group', subtask_type: 'group', kwargs: { tasks: ids.map(call) } },
    });
    await expect(world.client.canvas.run(group(['a', 'b', 'a']))).rejects.toMatchObject({
      fields: [{ field: 'canvas.kwargs.tasks[2].options.task_id', got: expect.stringContaining("'a'") as string }],
    });
    await world.client.canvas.run(group(['a', 'b', 'c']));
  });

  it('of a document that is being read with other options is refused', async () => {
    const { documents: jobs } = world.client;
    const [id = ''] = documents(false);
    await jobs.process(id, { language: 'eng' });
    await expect(jobs.process(id, { language: 'deu' })).rejects.toBeInstanceOf(Conflict);
  });

  it('SEC-5 under a sealed key is the same after a rotation of the keys: neither done twice nor answered by another', async () => {
    const { address, namespace, sealKeys } = world.temporal.endpoint;
    const rotated = `new:${Buffer.alloc(32, 'new').toString('base64')},${sealKeys}`;
    const later = await connectPerennial({ address, namespace, sealKeys: rotated });
    const message = { to: 'a@example.com', subject: 's', body: 'one', messageKey: 'rotated' };
    const first = await world.client.email.send(message);
    expect((await later.email.send(message)).id).toBe(first.id);
    await expect(later.email.send({ ...message, body: 'other' })).rejects.toBeInstanceOf(Conflict);
    const second = await later.email.send({ ...message, messageKey: 'new' });
    expect((await later.email.send({ ...message, messageKey: 'new' })).id).toBe(second.id);
    await later.close();
  });

  it('of a run that somebody started by hand is not taken for ours', async () => {
    await world.temporal.client.workflow.start('dataImport', {
      workflowId: 'import-by-hand',
      taskQueue: 'perennial.workflows',
      args: [{ source: { path: '/srv/a.csv' } }],
    });
    const second = world.client.imports.start({ source: { path: '/srv/a.csv' } }, { id: 'import-by-hand' });
    await expect(second).rejects.toMatchObject({ name: 'Conflict', first: 'unknown' });
  });

  it('of a batch that was resumed is still the one that it was started with', async () => {
    const { documents: jobs } = world.client;
    const batch = await jobs.batchOcr({ documentIds: documents(false) }, { id: 'resumed' });
    await onServer(batch.id).terminate('test');
    await jobs.resumeBatch('resumed');
    expect((await jobs.batchOcr({ documentIds: documents(false) }, { id: 'resumed' })).id).toBe(batch.id);
    await expect(jobs.batchOcr({ documentIds: documents(true) }, { id: 'resumed' })).rejects.toBeInstanceOf(Conflict);
  });
});
