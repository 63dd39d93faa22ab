import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EagerTask } from '../../../canvas/reference/evaluator.ts';
import { runPart } from '../../../canvas/engine/engine.ts';
import type { PartRunner } from '../../../canvas/splitting/parts.ts';
import type { CanvasRuntime } from '../../../canvas/engine/runtime.ts';
import type { Signature, SignatureOptions } from '../../../canvas/signature/signature.ts';
import { createTracker, type Tracker } from '../../../canvas/watching/tracker.ts';
import { nodesOf, treeOf } from '../../../canvas/watching/tree.ts';
import type { CanvasTreeNode } from '../../../contracts/canvas/views.ts';
import { chain, chord, group } from '../../support/canvas/signatures.ts';
import { type EngineRun, runEngine } from './eager.ts';

const call = (n: number, fails = false, options: SignatureOptions = {}): Signature => ({
  task: fails ? 'fail' : 'wrap',
  args: [],
  kwargs: { n },
  options,
});

/** `fail` fails while it is `down`. */
const tasksThat = (down: boolean): Readonly<Record<string, EagerTask>> => {
  const wrap: EagerTask = (args, { n }) => ({ n, a: args });
  const fail: EagerTask = (args, kwargs) => {
    if (down) throw new Error('down');
    return wrap(args, kwargs, 0);
  };
  return { wrap, fail };
};

interface WatchedRun extends EngineRun {
  readonly tracker: Tracker;
}

async function runWatched(
  canvas: Signature,
  { down = true, known = new Map<string, unknown>() } = {},
): Promise<WatchedRun> {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const tracker = createTracker({ now: () => (now += 1000), known, keepsValues: () => true });
  const { planned, entered, left, notify } = tracker;
  const run = await runEngine(
    canvas,
    tasksThat(down),
    {},
    {
      planned,
      entered,
      left,
      notify,
      known: (path) => (known.has(path) ? { value: known.get(path) } : undefined),
    },
  );
  tracker.finish();
  return { ...run, tracker };
}

const seen = (tracker: Tracker, known: ReadonlyMap<string, unknown> = new Map()) => ({ ...tracker, known });

function flat(node: CanvasTreeNode | null): readonly CanvasTreeNode[] {
  return node === null ? [] : [node, ...(node.children ?? []).flatMap(flat)];
}

/** What a run gives to the one that repeats it. */
function outcomes(tracker: Tracker): Map<string, unknown> {
  return new Map(tracker.outcomes(0, 100_000).entries.map(({ path, value }) => [path, value]));
}

describe('what a run remembers of itself', () => {
  it('MON-4 counts calls by where they stand', async () => {
    const { tracker } = await runWatched(
      group(call(1), chain(call(2, true), call(3)), call(4, false, { link: call(5) })),
    );
    expect(tracker.progress()).toMatchObject({
      total: 5,
      succeeded: 3,
      failed: 1,
      skipped: 1,
      waiting: 0,
      over: true,
      remainingMs: 0,
      retryOf: null,
    });
    expect(tracker.failed(0, 10).entries).toEqual([
      {
        path: 'root/1/0',
        task: 'fail',
        id: expect.any(String) as string,
        state: 'failed',
        type: 'Error',
        message: 'down',
      },
    ]);
  });

  it('counts what has not begun as waiting, and estimates the time left from the pace', async () => {
    const middle: unknown[] = [];
    const notify: CanvasRuntime['notify'] = (event) => {
      watched.notify(event);
      if (event.path === 'root/1' && event.state === 'succeeded') middle.push(watched.progress());
    };
    let now = 0;
    const watched = createTracker({ now: () => (now += 500), keepsValues: () => false });
    await runEngine(chain(...[1, 2, 3, 4].map((n) => call(n))), tasksThat(false), {}, { ...watched, notify });
    expect(middle).toEqual([expect.objectContaining({ total: 4, succeeded: 2, waiting: 2, over: false })]);
    const { remainingMs } = middle[0] as { remainingMs: number };
    // Two of four are done: as long again as they took.
    expect(remainingMs).toBeGreaterThanOrEqual(500);
    expect(remainingMs).toBeLessThanOrEqual(2000);
  });

  it('a stopped run has revoked what was under way and skipped the rest', () => {
    const tracker = createTracker({ now: () => 0, keepsValues: () => false });
    const node = (path: string, task: string) => ({ id: path, path, task, retries: 0 });
    tracker.notify({ ...node('root/0', 'a'), state: 'running' });
    tracker.sent('root/0');
    tracker.notify({ ...node('root/1', 'b'), state: 'waiting' });
    tracker.finish();
    expect(tracker.progress()).toMatchObject({ revoked: 1, skipped: 1, running: 0, waiting: 0 });
    expect(tracker.failed(0, 10).entries).toMatchObject([{ path: 'root/0', state: 'revoked' }]);
  });

  it('pages lists so that an answer stays small', async () => {
    const { tracker } = await runWatched(group(...Array.from({ length: 25 }, (_, n) => call(n, true))));
    const first = tracker.failed(0, 10);
    const last = tracker.failed(20, 10);
    expect([first.entries.length, first.next, last.entries.length, last.next]).toEqual([10, 10, 5, null]);
  });
});

describe('the tree', () => {
  it('shows kinds, roles, states and callbacks', async () => {
    const canvas = chain(
      call(1, false, { link: call(9) }),
      chord([call(2), call(3, true)], call(4, false, { link_error: call(8) })),
    );
    const { tracker } = await runWatched(canvas);
    const nodes = flat(treeOf(seen(tracker), { depth: 9 }));
    expect(nodes.map(({ kind, role, path, state }) => [kind, role, path, state])).toEqual([
      ['chain', 'root', 'root', 'failed'],
      ['call', 'step', 'root/0', 'succeeded'],
      ['call', 'link', 'root/0/link/0', 'succeeded'],
      ['chord', 'step', 'root/1', 'failed'],
      ['call', 'header', 'root/1/header/0', 'succeeded'],
      ['call', 'header', 'root/1/header/1', 'failed'],
      ['call', 'body', 'root/1/body', 'skipped'],
      ['call', 'errback', 'root/1/body/errback/0', 'succeeded'],
    ]);
    expect(nodes[5]).toMatchObject({ task: 'fail', failure: { type: 'Error', message: 'down' } });
    expect(JSON.stringify(nodes)).not.toContain('"n":');
  });

  it('has maps with their items', async () => {
    const canvas: Signature = {
      task: 'celery.map',
      kwargs: { task: { task: 'wrap' }, it: [1, 2, 3] },
      subtask_type: 'map',
    };
    const { tracker } = await runWatched({ ...canvas, kwargs: { task: { task: 'wrap' }, it: [1, 2, 3] } });
    expect(treeOf(seen(tracker))).toMatchObject({
      kind: 'map',
      task: 'wrap',
      state: 'succeeded',
      size: 3,
      children: [0, 1, 2].map((n) => ({ role: 'item', path: `root/item/${n}`, state: 'succeeded' })),
    });
    expect(tracker.progress()).toMatchObject({ total: 3, succeeded: 3 });
  });

  it('comes in pages: by limit, by depth, by path, and never above a megabyte', async () => {
    const wide = group(...Array.from({ length: 2_000 }, (_, n) => call(n, true)));
    const { tracker } = await runWatched(wide);
    const first = treeOf(seen(tracker), { limit: 11 });
    expect(first).toMatchObject({ size: 2_000, next: 10 });
    expect(flat(first)).toHaveLength(11);
    const last = treeOf(seen(tracker), { after: 1_995 });
    expect(flat(last).map(({ path }) => path)).toEqual(['root', ...[5, 6, 7, 8, 9].map((n) => `root/199${n}`)]);
    expect(last).not.toHaveProperty('next');
    expect(treeOf(seen(tracker), { path: 'root/7' })).toMatchObject({ path: 'root/7', state: 'failed' });
    expect(treeOf(seen(tracker), { path: 'root/2000' })).toBeNull();

    let deep = call(0);
    for (let level = 0; level < 300; level += 1) deep = chord([deep], call(level));
    const nested = await runWatched(deep);
    const answer = treeOf(seen(nested.tracker), { depth: 400, limit: 5_000 });
    expect(JSON.stringify(answer).length).toBeLessThan(1_000_000);
    expect(flat(answer).length).toBeLessThanOrEqual(500);
  });
});

describe('a run in parts', () => {
  /** Runs it with parts that hold four calls, each with a memory of its own. */
  async function runInParts(canvas: Signature): Promise<{ tracker: Tracker; parts: ReadonlyMap<string, Tracker> }> {
    const tracker = createTracker({ now: () => 0, keepsValues: () => false });
    const parts = new Map<string, Tracker>();
    const call: CanvasRuntime['call'] = () => Promise.resolve({ kind: 'done', value: 1 });
    const world = {
      now: () => 0,
      newId: () => 'id',
      errbackStyle: () => 'payload' as const,
      sleep: async () => {},
      call,
    };
    const run: PartRunner['run'] = async (part, beside) => {
      const id = `part-${parts.size}`;
      const own = createTracker({ now: () => 0, keepsValues: () => false });
      parts.set(id, own);
      tracker.handed(part.nodes, id);
      const { reply, rest } = runPart({ ...world, ...own }, part);
      beside(rest);
      await rest;
      tracker.absorb({ progress: own.progress(), open: [], failed: [] }, id);
      return reply;
    };
    await runEngine(canvas, {}, {}, { ...tracker, call, partRunner: { weight: 4, run } });
    tracker.finish();
    return { tracker, parts };
  }

  it('MON-4 names the part of each node, which knows the rest: members, steps of a chain, items of a map', async () => {
    const map: Signature = { task: 'celery.map', kwargs: { task: { task: 'wrap' }, it: [1, 2, 3, 4, 5, 6, 7] } };
    const canvas = group(chain(...[0, 1, 2, 3, 4, 5].map((n) => call(n))), chain(call(1), call(2)), call(3), map);
    const { tracker, parts } = await runInParts(canvas);
    const nodes = flat(treeOf(seen(tracker)));
    expect(nodes.filter(({ part, kind }) => part === undefined && kind === 'call')).toEqual([]);
    for (const { path, part = '' } of nodes.filter((node) => node.part !== undefined)) {
      const own = parts.get(part);
      const [told] = own === undefined ? [] : nodesOf(seen(own), { paths: [path], depth: 9, limit: 9 });
      expect(told).toMatchObject({ path, state: 'succeeded' });
    }
    expect(treeOf(seen(tracker), { path: 'root/1/0' })).toMatchObject({
      path: 'root/1',
      part: expect.any(String) as string,
    });
    expect(tracker.progress()).toMatchObject({ total: 16, succeeded: 16, skipped: 0 });
    expect(tracker.partsOpen.size).toBe(0);
  });

  it('counts what calls of a part brought about once the part has told of it', async () => {
    const linked = [0, 1, 2, 3, 4].map((n) => call(n, false, { link: call(9) }));
    const { tracker } = await runInParts(group(...linked));
    expect(tracker.progress()).toMatchObject({ total: 10, succeeded: 10, waiting: 0, skipped: 0 });
  });

  it('answers for several nodes at once, as many as there is room for', async () => {
    const { tracker } = await runWatched(group(...[0, 1, 2, 3].map((n) => call(n))));
    const paths = ['root/2', 'root/9', 'root/0', 'root/1'];
    const told = nodesOf(seen(tracker), { paths, depth: 1, limit: 2 });
    expect(told.map((node) => node?.path)).toEqual(['root/2', undefined, 'root/0']);
  });
});

describe('running failed members again', () => {
  const arbitrary = fc.letrec<{ part: Signature }>((tie) => ({
    part: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ n: fc.integer({ min: 0, max: 99 }), fails: fc.boolean() }).map(({ n, fails }) => call(n, fails)),
      fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map((parts) => chain(...parts)),
      fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map((parts) => group(...parts)),
      fc
        .record({ header: fc.array(tie('part'), { minLength: 1, maxLength: 3 }), body: tie('part') })
        .map(({ header, body }) => chord(header, body)),
    ),
  })).part;

  it('gives what the run would have given, and makes no call that succeeded again', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (canvas) => {
        const whole = await runWatched(canvas, { down: false });
        const first = await runWatched(canvas);
        const known = outcomes(first.tracker);
        const second = await runWatched(canvas, { down: false, known });
        expect(second.outcome).toEqual(whole.outcome);
        expect(second.requests.filter(({ path }) => known.has(path))).toEqual([]);
        expect(second.requests.length + known.size).toBe(whole.requests.length);
        expect(second.tracker.progress()).toMatchObject({ kept: known.size, skipped: 0, failed: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('tells error callbacks again when a call fails again, but repeats no link of a call that succeeded', async () => {
    const canvas = group(call(1, false, { link: call(7) }), call(2, true, { link_error: call(8) }));
    const first = await runWatched(canvas);
    const again = await runWatched(canvas, { known: outcomes(first.tracker) });
    expect(again.requests.map(({ path }) => path)).toEqual(['root/1', 'root/1/errback/0']);
    const tree = flat(treeOf(seen(again.tracker, outcomes(first.tracker)), { depth: 9 }));
    expect(tree.filter(({ kept }) => kept === true).map(({ path }) => path)).toEqual(['root/0', 'root/0/link/0']);
  });
});
