/** Limits by key and revocation inside canvases, on a real server and a real database. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ended, NotFound } from '../../../client/index.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { eventually, gate, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const group = (...tasks: Signature[]): Signature => ({
  task: 'celery.group',
  kwargs: { tasks },
  subtask_type: 'group',
});
const square = (data: number, options: Signature['options'] = {}): Signature => ({
  task: 'samples.square',
  kwargs: { data },
  options,
});

describe('limits by key inside a canvas', () => {
  it('hold together with calls outside of it; the tree names the task that waits', async () => {
    let running = 0;
    let most = 0;
    const script: Script = {
      'samples.square': async ({ data }) => {
        running += 1;
        most = Math.max(most, running);
        await sleep(300);
        running -= 1;
        return data * data;
      },
    };
    const limits = [{ key: 'phone:1', concurrency: 1 }];
    await world.withWorkers(
      async () => {
        const { client } = world;
        const members = [1, 2, 3].map((n) => square(n, { limits }));
        const outside = await client.task('samples.square').call({ data: 9 }, { limits });
        const run = await client.canvas.run(group(...members), { id: 'limited', tenant: 'acme' });
        const link = { task: 'samples.double', kwargs: {} };
        const linked = await client.task('samples.square').call({ data: 4 }, { limits, link });
        await eventually(async () => (await client.tasks.list({ root: run.id })).length === 4);
        expect(await run.result()).toEqual([1, 4, 9]);
        expect([await outside.result(), await linked.result()]).toEqual([81, 16]);
        expect(most).toBe(1);
        const tree = await client.canvas.tree('limited');
        const [first] = tree.children ?? [];
        expect(first?.workflowId).toMatch(/^canvas:limited\//);
        expect(await client.tasks.get(first?.workflowId ?? '').status()).toMatchObject({
          state: 'SUCCESS',
          tenant: 'acme',
        });
      },
      { script },
    );
  });
});

describe('MON-5 revoking a part of a canvas', () => {
  it('MON-5 stops what runs below the path; the rest goes on, and what was revoked can run again', async () => {
    const door = gate();
    const aborted: number[] = [];
    const script: Script = {
      'samples.square': async ({ data }, { signal }) => {
        signal.addEventListener('abort', () => aborted.push(data), { once: true });
        await door.pass(signal);
        return data * data;
      },
    };
    await world.withWorkers(
      async () => {
        const { canvas } = world.client;
        const run = await canvas.run(group(square(2), square(3), square(4, { countdown: 600 })), { id: 'parts' });
        await eventually(async () => (await canvas.progress('parts')).running === 2);
        expect(await canvas.revoke('parts', 'root/1')).toEqual({
          status: 'revoked',
          id: 'canvas:parts',
          path: 'root/1',
          calls: 1,
        });
        expect(await canvas.revoke('parts', 'root/2')).toMatchObject({ calls: 1 });
        await eventually(() => aborted.length === 1);
        door.open();
        await expect(run.result()).rejects.toMatchObject({ type: 'TaskRevoked' });
        expect(aborted).toEqual([3]);
        expect(await canvas.progress('parts')).toMatchObject({ succeeded: 1, revoked: 2, failed: 0 });
        await expect(canvas.revoke('parts', 'root/0')).rejects.toBeInstanceOf(Ended);
        await expect(canvas.revoke('nobody', 'root/0')).rejects.toBeInstanceOf(NotFound);
        const again = await canvas.retryFailed('parts');
        await eventually(async () => (await canvas.progress(again.id)).succeeded === 2);
        await expect(canvas.revoke(again.id, 'root/9')).rejects.toThrow('path: expected a node of the tree');
        await canvas.cancel(again.id);
      },
      { script },
    );
  });
});
