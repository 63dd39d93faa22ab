import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EagerTask } from '../../../canvas/reference/evaluator.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { runPart } from '../../../canvas/engine/engine.ts';
import { cut, lostPart, partOf, type PartRunner } from '../../../canvas/splitting/parts.ts';
import { planCanvas } from '../../../canvas/plan/plan.ts';
import type { Scope } from '../../../canvas/model/scope.ts';
import { type EngineRun, runEngine, scoped } from './eager.ts';
import type { CallReply } from '../../../canvas/model/request.ts';

const call = (n: number, options: Signature['options'] = {}): Signature => ({ task: 'add', args: [n], options });
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
const group = (members: readonly Signature[]): Signature => ({ task: 'celery.group', kwargs: { tasks: members } });
const chain = (steps: readonly Signature[]): Signature => ({ task: 'celery.chain', kwargs: { tasks: steps } });
const chord = (header: readonly Signature[], body: Signature): Signature => ({
  task: 'celery.chord',
  kwargs: { header, body, kwargs: {} },
});
const plain: Readonly<Record<string, EagerTask>> = {
  add: (args) => (args as readonly number[]).reduce((sum, n) => sum + n, 0),
  sum: ([list]) => (list as readonly number[]).reduce((sum, n) => sum + n, 0),
  fail: ([why]) => {
    throw new TypeError(String(why));
  },
};

/** Runs a canvas with no more than `weight` calls in one run. */
const inParts = (canvas: Signature, weight: number): Promise<EngineRun> => runEngine(canvas, plain, {}, {}, weight);

describe('canvases in parts', () => {
  it('no part is heavier than what one run carries, whatever the size', async () => {
    const members = numbers(25).map((n) => chain(numbers(4).map(() => call(n))));
    const { outcome, parts } = await inParts(chord(members, { task: 'sum' }), 10);
    expect(outcome).toEqual({ ok: true, value: (4 * (24 * 25)) / 2 });
    expect(parts.map(({ nodes }) => nodes.length)).toEqual([...numbers(12).map(() => 2), 1]);
  });

  it('a member keeps its place in the group', async () => {
    const { requests } = await inParts(group(numbers(9).map((n) => call(n))), 4);
    expect(requests.map(({ path, group: of }) => [path, of?.index])).toEqual(numbers(9).map((n) => [`root/${n}`, n]));
    expect(new Set(requests.map(({ group: of }) => of?.id)).size).toBe(1);
  });

  it('a chain of thousands of steps is cut into segments, each given the result before it', async () => {
    const { outcome, parts } = await inParts(chain(numbers(3000).map(() => call(1))), 500);
    expect(outcome).toEqual({ ok: true, value: 3000 });
    expect(parts.length).toBe(5); // the first segment is what the run carries itself
  });

  it('a map of thousands of items is cut too, and links wait for all of it', async () => {
    const map = {
      task: 'celery.map',
      kwargs: { task: { task: 'add' }, it: numbers(1000) },
      options: { link: [{ task: 'sum' }] },
    };
    const { outcome, requests, parts } = await inParts(map, 300);
    expect(outcome).toEqual({ ok: true, value: numbers(1000) });
    expect(parts.length).toBe(3);
    expect(requests.filter(({ inline }) => inline === 'map').map(({ path }) => path)).toEqual(
      numbers(1000).map((n) => `root/item/${n}`),
    );
    expect(requests.at(-1)).toMatchObject({ task: 'sum', args: [numbers(1000)] });
  });

  it('a group fails with the member that failed first, in whatever part it was', async () => {
    const times = [300, 100, 200];
    const partRunner: PartRunner = {
      weight: 4,
      run: (part) => {
        const at = times.shift() ?? 0;
        return Promise.resolve(lostPart(part, { type: 'WorkerLost', message: `lost at ${at}` }, at));
      },
    };
    const { outcome } = await runEngine(group(numbers(12).map((n) => call(n))), plain, {}, { partRunner });
    expect(outcome).toMatchObject({ ok: false, failure: { message: 'lost at 100' } });
  });

  it('a part ends with as many successes as the quorum of its group needs, never for its failures', async () => {
    const scope: Scope = { rootId: undefined, parentId: null, group: null, chord: null, onPath: false };
    const nodes = numbers(5).flatMap((n) => planCanvas(call(n), {}, `root/${n}`) ?? []);
    const join = { policy: 'quorum', count: 2 } as const;
    const part = partOf(nodes, { args: [], kwargs: {} }, scope, { nowMs: 0, join });
    const replies: Readonly<Record<number, CallReply>> = {
      0: { kind: 'failed', failure: { type: 'TypeError', message: 'one' } },
      1: { kind: 'failed', failure: { type: 'TypeError', message: 'two' } },
      2: { kind: 'done', value: 2 },
      4: { kind: 'done', value: 4 },
    };
    const { reply } = runPart(
      {
        scoped,
        sleep: () => Promise.resolve(),
        newId: () => 'id',
        errbackStyle: () => 'payload',
        now: () => 0,
        call: async ({ args: [n] }) => replies[Number(n)] ?? new Promise(() => undefined), // 3 has no end
      },
      part,
    );
    expect(await reply).toMatchObject({ values: [null, null, 2, null, 4], cancelled: [3] });
  });

  it('delays of members count from when the group was sent, not from when their part begins', async () => {
    const waits: number[] = [];
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms);
      return Promise.resolve();
    };
    const scope: Scope = { rootId: undefined, parentId: null, group: null, chord: null, onPath: false };
    const node = planCanvas(call(1, { countdown: 60, expires: 90 }));
    const part = partOf(node === undefined ? [] : [node], { args: [], kwargs: {} }, scope, { nowMs: 10_000 });
    const runtime = { sleep, newId: () => 'id', errbackStyle: () => 'payload' as const };
    const expiries: (number | null)[] = [];
    const late = runPart(
      {
        ...runtime,
        now: () => 45_000,
        call: ({ expiresAt }) => {
          expiries.push(expiresAt);
          return Promise.resolve({ kind: 'done', value: 1 });
        },
      },
      part,
    );
    expect((await late.reply).values).toEqual([1]);
    expect(waits).toEqual([25_000]);
    expect(expiries).toEqual([100_000]);
  });

  it('cut keeps order and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 })), fc.integer({ min: 1, max: 12 }), (items, limit) => {
        const pieces = cut(items, limit, (item) => item);
        expect(pieces.flat()).toEqual(items);
        for (const piece of pieces)
          expect(piece.length === 1 || piece.reduce((sum, item) => sum + item, 0) <= limit).toBe(true);
      }),
    );
  });
});
