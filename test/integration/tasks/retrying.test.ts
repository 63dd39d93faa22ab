/** Running single tasks again, on a real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotFound } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { eventually, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

describe('MON-5 running a task again', () => {
  it('MON-5 with the input, queue, tenant and tags it had, once for each run', async () => {
    const seen: unknown[] = [];
    let broken = true;
    const script: Script = {
      'samples.addOne': ({ data }, { tenant, queue }) => {
        seen.push({ data, tenant, queue });
        return broken ? Promise.reject(new PerennialError('FileMissing', 'gone')) : Promise.resolve(data + 1);
      },
    };
    await world.withWorkers(
      async () => {
        const options = { id: 'first', tenant: 'acme', tags: ['nightly'], queue: 'documents.critical', expires: 60 };
        const first = await world.client.task('samples.addOne').call({ data: 1 }, options);
        await expect(first.result()).rejects.toMatchObject({ type: 'FileMissing' });
        broken = false;
        const [second, twin] = await Promise.all([
          world.client.tasks.retry('first'),
          world.client.tasks.retry('first'),
        ]);
        expect(twin.id).toBe(second.id);
        expect(second.id).toMatch(/^first\.retry-1-[0-9a-f]{8}$/);
        expect(await second.result()).toBe(2);
        const same = { data: 1, tenant: 'acme', queue: 'documents.critical' };
        expect(seen).toEqual([same, same]);
        await eventually(async () => (await world.client.tasks.list({ tag: 'nightly' })).length === 2);
        await expect(world.client.tasks.retry(second.id)).rejects.toMatchObject({ type: 'NothingFailed' });
      },
      { script },
    );
  });

  it('with another input, which is checked; a repetition of a repetition is the next one', async () => {
    const script: Script = {
      'samples.double': ({ data }) =>
        data < 10 ? Promise.reject(new PerennialError('FileMissing', 'gone')) : Promise.resolve(data * 2),
    };
    await world.withWorkers(
      async () => {
        const { tasks } = world.client;
        const first = await world.client.task('samples.double').call({ data: 1 }, { id: 'replaced' });
        await expect(first.result()).rejects.toMatchObject({ type: 'FileMissing' });
        await expect(tasks.retry('replaced', { input: { data: 'x' } })).rejects.toThrow('input.data');
        const second = await tasks.retry('replaced', { input: { data: 2 } });
        await expect(second.result()).rejects.toMatchObject({ type: 'FileMissing' });
        const third = await tasks.retry(second.id, { input: { data: 10 } });
        expect(third.id).toMatch(/^replaced\.retry-2-[0-9a-f]{8}$/);
        expect(await third.result()).toBe(20);
      },
      { script },
    );
  });

  it('P3-20 gives no other input to a task that may not be started by name over HTTP', async () => {
    const input = { holder: 'h', key: 'k', concurrency: 1 };
    const script: Script = { 'limits.release': () => Promise.reject(new PerennialError('FileMissing', 'gone')) };
    await world.withWorkers(
      async () => {
        const { tasks } = world.client;
        await expect((await tasks.call('limits.release', input, { id: 'inner' })).result()).rejects.toThrow('gone');
        const replaced = tasks.retry('inner', { input, externalOnly: true });
        await expect(replaced).rejects.toMatchObject({ name: 'NotExternal', task: 'limits.release' });
        expect((await tasks.retry('inner', { externalOnly: true })).id).toMatch(/^inner\.retry-1-/);
      },
      { script },
    );
  });

  it('one that is under way, or that nobody started, is refused; one with links repeats what failed', async () => {
    const calls: string[] = [];
    let broken = true;
    const script: Script = {
      'samples.square': ({ data }) => {
        calls.push('square');
        return broken ? Promise.reject(new PerennialError('FileMissing', 'gone')) : Promise.resolve(data * data);
      },
      'samples.double': ({ data }) => {
        calls.push(`linked ${data}`);
        return Promise.resolve(data);
      },
    };
    await world.withWorkers(
      async () => {
        const { tasks } = world.client;
        const later = await world.client.task('samples.addOne').call({ data: 1 }, { countdown: 60 });
        await expect(tasks.retry(later.id)).rejects.toMatchObject({ type: 'RunNotOver' });
        await expect(tasks.retry('nobody')).rejects.toBeInstanceOf(NotFound);
        const link = { task: 'samples.double', kwargs: {} };
        const linked = await world.client.task('samples.square').call({ data: 3 }, { id: 'linked', link });
        await expect(linked.result()).rejects.toMatchObject({ type: 'FileMissing' });
        broken = false;
        expect(await (await tasks.retry('linked')).result()).toBe(9);
        await expect.poll(() => calls).toEqual(['square', 'square', 'linked 9']); // the link has a run of its own
        await later.revoke();
      },
      { script },
    );
  });
});
