/** Calls of a run by their ids, and the keys by which the run is found. */
import { describe, expect, it } from 'vitest';
import type { EagerTask } from '../../../canvas/reference/evaluator.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { memberOf } from '../../../canvas/watching/members.ts';
import { createTracker } from '../../../canvas/watching/tracker.ts';
import {
  memberActivityId,
  memberId,
  memberKey,
  memberOfActivity,
  runOfMember,
} from '../../../contracts/canvas/members.ts';
import type { CanvasMember } from '../../../contracts/canvas/views.ts';
import { chain, chord, group } from '../../support/canvas/signatures.ts';
import { runEngine } from './eager.ts';

const call = (task: string, task_id: string): Signature => ({ task, args: [], kwargs: {}, options: { task_id } });

const tasks: Readonly<Record<string, EagerTask>> = {
  short: () => 'x'.repeat(4_000),
  long: () => 'x'.repeat(5_000),
  fail: () => {
    throw new Error('down');
  },
};

/** Runs a canvas to its end; the answers of its run about some ids. */
async function answers(canvas: Signature, ids: readonly string[], isReplay = false) {
  const tracker = createTracker({ now: () => 0, keepsValues: () => isReplay });
  await runEngine(canvas, tasks, {}, tracker);
  const known = new Map<string, unknown>();
  const found = ids.map((id): CanvasMember | null => memberOf({ ...tracker, known }, id));
  return { found, kept: tracker.outcomes(0, 10).entries.map(({ path }) => path) };
}

describe('a call of a run', () => {
  it('keeps a short result for those who ask, and a long one only in a replay; it never answers with a long one', async () => {
    const canvas = chain(call('short', 'a'), call('long', 'b'));
    const running = await answers(canvas, ['a', 'b', 'c']);
    const short = { path: 'root/0', task: 'short', state: 'succeeded', value: 'x'.repeat(4_000) };
    const long = { path: 'root/1', task: 'long', state: 'succeeded' };
    expect(running).toEqual({ found: [short, long, null], kept: ['root/0'] });
    expect(await answers(canvas, ['a', 'b', 'c'], true)).toEqual({
      found: running.found,
      kept: ['root/0', 'root/1'],
    });
  });

  it('that cannot begin says which failure keeps it from beginning', async () => {
    const canvas = group(
      chain(call('fail', 'fails'), call('short', 'never')),
      chord([call('fail', 'member'), call('short', 'other')], chain(call('short', 'first'), call('short', 'last'))),
      call('short', 'fine'),
    );
    const { found } = await answers(canvas, ['fails', 'never', 'last', 'fine']);
    const failure = (at: string) => ({ type: 'Error', message: expect.stringContaining(at) as string });
    expect(found).toMatchObject([
      { state: 'failed', failure: { type: 'Error', message: 'down' } },
      { state: 'skipped', failure: failure('fail at root/0/0') },
      { state: 'skipped', failure: failure('fail at root/1/header/0') },
      { state: 'succeeded' },
    ]);
    expect(found[3]).not.toHaveProperty('failure');
  });
});

describe('ids of calls', () => {
  it('name the run that has numbered them', () => {
    expect(runOfMember(memberId('canvas:a/part/1-ab', 12))).toBe('canvas:a/part/1-ab');
    expect(['order', 'canvas:a/part/1-ab', 'a/0', '/1'].map(runOfMember)).toEqual(Array(4).fill(undefined));
  });

  it('are read back from activities, and are never taken for a number of the SDK', () => {
    expect(['7', 'canvas:a/7'].map((id) => memberOfActivity(memberActivityId(id)))).toEqual(['7', 'canvas:a/7']);
    expect(memberOfActivity('7')).toBeUndefined();
  });

  it('have keys of which 250 fit into the 2 kB of a search attribute, and hardly ever the same', () => {
    const keys = Array.from({ length: 10_000 }, (_, n) => memberKey(`b0c6a2f4-${String(n)}`));
    expect(Math.max(...keys.map(({ length }) => length))).toBe(4);
    expect(JSON.stringify(keys.filter(({ length }) => length === 4).slice(0, 250)).length).toBeLessThan(2_000);
    expect(new Set(keys).size).toBeGreaterThan(9_900);
  });
});
