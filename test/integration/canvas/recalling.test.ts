/** Tiny calls that nobody wants any more while the worker has their pack, on a real server with a real worker. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stopped } from '../../../client/index.ts';
import { call, chain, compose, group } from '../../support/canvas/signatures.ts';
import { eventually, gate, type Gate, type Script, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

const TINY = 'operations.noteEffect';
const keys = Array.from({ length: 20 }, (_, n) => String(n));
const members = keys.map((key) => call(TINY, { key }));

/** What became of the calls, by their keys. */
interface Seen {
  readonly began: string[];
  readonly effects: string[];
  readonly interrupted: string[];
  readonly script: Script;
}

/** Tiny tasks, of which the first waits at a door. */
function watched(door: Gate): Seen {
  const began: string[] = [];
  const effects: string[] = [];
  const interrupted: string[] = [];
  const script: Script = {
    [TINY]: async ({ key }, { attempt, signal }) => {
      began.push(key);
      signal.addEventListener('abort', () => interrupted.push(key), { once: true });
      if (key === '0') await door.pass(signal);
      effects.push(key);
      return { first: true, attempt };
    },
  };
  return { began, effects, interrupted, script };
}

/** The worker hears of it with a heartbeat; the call that it is in is handed back. */
const recalled = ({ interrupted }: Seen): Promise<void> => eventually(() => interrupted.includes('0'), 10_000);

describe('MON-5 a pack that a worker has', () => {
  it('MON-5 of which a member is revoked: it does not have its effect, all others have theirs once', async () => {
    const door = gate();
    const seen = watched(door);
    const { canvas } = world.client;
    await world.withWorkers(async () => {
      const run = await canvas.run(group(...members), { id: 'recalled' });
      await eventually(() => seen.began.length === 1);
      expect(await canvas.revoke('recalled', 'root/7')).toMatchObject({ calls: 1 });
      await recalled(seen);
      door.open();
      await expect(run.result()).rejects.toMatchObject({ type: 'TaskRevoked' });
      expect(await canvas.progress('recalled')).toMatchObject({ succeeded: 19, revoked: 1, failed: 0 });
      expect(seen.began).not.toContain('7');
      expect(seen.effects.toSorted()).toEqual(keys.filter((key) => key !== '7').toSorted());
    }, seen);
  });

  it('MON-5 and one that no worker has taken yet: the others are sent again, without it', async () => {
    const door = gate();
    door.open();
    const seen = watched(door);
    const { canvas } = world.client;
    await world.withWorkers(
      async () => {
        const run = await canvas.run(group(...members), { id: 'waiting' });
        await eventually(async () => (await canvas.progress('waiting')).running === 20);
        expect(await canvas.revoke('waiting', 'root/7')).toMatchObject({ calls: 1 });
        await world.withWorkers(() => expect(run.result()).rejects.toMatchObject({ type: 'TaskRevoked' }), seen);
        expect(await canvas.progress('waiting')).toMatchObject({ succeeded: 19, revoked: 1, failed: 0 });
      },
      { queues: [] },
    );
    expect(seen.began.toSorted()).toEqual(keys.filter((key) => key !== '7').toSorted());
  });

  it('CANVAS-8 whose group has its quorum: members that have not begun do not', async () => {
    const decide = gate();
    const goOn = gate();
    const seen = watched(gate());
    const script: Script = {
      ...seen.script,
      'samples.square': async ({ data }, { signal }) => {
        await decide.pass(signal);
        return data * data;
      },
      'samples.double': async ({ data }, { signal }) => {
        await goOn.pass(signal);
        return data * 2;
      },
    };
    await world.withWorkers(
      async () => {
        const one = { join: { policy: 'quorum', count: 1 } } as const;
        const first = compose('group', { tasks: [...members, call('samples.square', { data: 3 })] }, one);
        const last = { ...call('samples.double', { data: 4 }), immutable: true };
        const run = await world.client.canvas.run(chain(first, last));
        await eventually(() => seen.began.length === 1);
        decide.open();
        // While the run goes on: nothing else would tell the worker.
        await recalled(seen);
        goOn.open();
        expect(await run.result()).toBe(8);
        expect([seen.began, seen.effects]).toEqual([['0'], []]);
      },
      { script },
    );
  });

  it('MON-5 of which a call of a stream is terminated: it is not made, all others are, once', async () => {
    const door = gate();
    const seen = watched(door);
    await world.withWorkers(async () => {
      const stream = world.client.tasks.stream({ maxWaitMs: 1_000 });
      const handles = await Promise.all(keys.map((key) => stream.call(TINY, { key })));
      await eventually(() => seen.began.length === 1);
      await handles[7]?.revoke({ terminate: true });
      await recalled(seen);
      door.open();
      const ended = await Promise.allSettled(handles.map((handle) => handle.result()));
      expect(ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))).toEqual([
        expect.any(Stopped),
      ]);
      expect(seen.began).not.toContain('7');
      expect(seen.effects.toSorted()).toEqual(keys.filter((key) => key !== '7').toSorted());
    }, seen);
  });
});
