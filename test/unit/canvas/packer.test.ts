import { describe, expect, it } from 'vitest';
import { type EagerTask, TryAgain } from '../../../canvas/reference/evaluator.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { PACK_CALLS, PACK_CHARACTERS } from '../../../canvas/packing/size.ts';
import { runEngine } from './eager.ts';
import { noSingle, type PackedOptions, type PackedWorld, packedWorld } from './packed.ts';
import { call, chain, chord, compose, group, upTo } from './signatures.ts';

const tasks: Readonly<Record<string, EagerTask>> = {
  add: ([a, b = 1]) => Number(a) + Number(b),
  fail: ([n]) => {
    throw new TypeError(`${String(n)} is broken`);
  },
  later: ([n], _kwargs, retries) => {
    if (retries < 2) throw new TryAgain({ maxRetries: 9 });
    return n;
  },
};

interface Ran extends PackedWorld {
  readonly outcome: unknown;
}

async function run(canvas: Signature, options: Partial<PackedOptions> = {}): Promise<Ran> {
  const world = packedWorld({ tasks, packable: Object.keys(tasks), single: noSingle, ...options });
  const { outcome } = await runEngine(canvas, tasks, {}, world.runtime);
  return { ...world, outcome };
}

describe('packs of calls', () => {
  it('PERF-1 calls that become ready together travel together, results in order', async () => {
    const { outcome, packs } = await run(group(upTo(2000).map((n) => call('add', [n]))));
    expect(outcome).toEqual({ ok: true, value: upTo(2000).map((n) => n + 1) });
    expect(packs.length).toBeLessThanOrEqual(16);
    expect(new Set(packs.flatMap(({ items }) => items.map(([step]) => step?.id))).size).toBe(2000);
  });

  it('PERF-1 starts with few packs: each costs as much as many tiny calls', async () => {
    const { packs } = await run(group(upTo(1000).map((n) => call('add', [n]))));
    expect(packs.map(({ items }) => items.length)).toEqual([250, 250, 250, 250]);
  });

  it('PERF-1 packs grow with what is known of the time, and slow calls travel alone', async () => {
    const quick = await run(group(upTo(5000).map((n) => call('add', [n]))), { callMs: 0.01 });
    expect(Math.max(...quick.packs.map(({ items }) => items.length))).toBe(PACK_CALLS);
    const alone = (): Promise<{ kind: 'done'; value: unknown }> => Promise.resolve({ kind: 'done', value: 0 });
    const slow = await run(group(upTo(200).map((n) => call('add', [n]))), {
      callMs: 100,
      single: alone,
      callsOfAPack: 5,
    });
    expect(slow.packs.map(({ items }) => items.length)).toEqual([50, 50, 50, 50]);
    expect(slow.singles.length).toBeGreaterThan(100);
    const medium = await run(group(upTo(1000).map((n) => call('add', [n]))), { callMs: 10 });
    expect(medium.packs.slice(4).every(({ items }) => items.length <= 50)).toBe(true);
  });

  it('no pack is larger than a message to the server may be', async () => {
    const big = 'x'.repeat(10_000);
    const { packs, outcome } = await run(group(upTo(40).map(() => call('add', [big, 0]))));
    expect(outcome).toMatchObject({ ok: true });
    for (const pack of packs) expect(JSON.stringify(pack).length).toBeLessThan(PACK_CHARACTERS * 1.2);
  });

  it('CANVAS-1 neighbouring steps of a chain are one item, each with an id and an outcome', async () => {
    const steps = chain([call('add', [0]), ...upTo(99).map(() => call('add'))]);
    const { packs, outcome, attempts } = await run(steps);
    expect(outcome).toEqual({ ok: true, value: 100 });
    expect(packs.map(({ items }) => items.map((item) => item.length))).toEqual([[100]]);
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(100);
  });

  it('CANVAS-5 the items of a map are one item of a pack', async () => {
    const map = compose('map', { task: call('add'), it: upTo(50) });
    const { packs, outcome } = await run(map);
    expect(outcome).toEqual({ ok: true, value: upTo(50).map((n) => n + 1) });
    expect(packs.map(({ items }) => items.length)).toEqual([1]);
  });

  it('a worker that hands a part back is sent the rest, and nothing twice', async () => {
    const { outcome, calls } = await run(
      group(upTo(20).map((n) => chain([call('add', [n]), call('add'), call('add')]))),
      { callsOfAPack: 7 },
    );
    expect(outcome).toEqual({ ok: true, value: upTo(20).map((n) => n + 3) });
    expect(calls.length).toBe(60);
  });

  it('RETRY-1 a failing member is tried again on its own, with its own count; the others are not', async () => {
    const members = upTo(10).map((n) => call(n === 4 ? 'later' : 'add', [n]));
    const { outcome, attempts } = await run(group(members));
    expect(outcome).toEqual({ ok: true, value: upTo(10).map((n) => (n === 4 ? 4 : n + 1)) });
    expect(attempts.filter(({ attempt }) => attempt > 1).map(({ attempt }) => attempt)).toEqual([2, 3]);
  });

  it('a failed step ends its chain, and no member but its own', async () => {
    const { calls, outcome } = await run(
      group([chain([call('add', [1]), call('fail'), call('add')]), call('add', [5])]),
    );
    expect(outcome).toMatchObject({ ok: false, failure: { message: '2 is broken', path: 'root/0/1' } });
    expect(calls.map(({ task }) => task).toSorted()).toEqual(['add', 'add', 'fail']);
  });

  it('BP-1 what a pack had not done when its workers were killed goes on alone, with its attempts counted', async () => {
    const { outcome, singles } = await run(group(upTo(8).map((n) => call('add', [n]))), {
      transform: (report, pack) =>
        Promise.resolve({ ...report, outcomes: report.outcomes.slice(0, pack.items.length - 1), died: true }),
      single: ({ args }) => Promise.resolve({ kind: 'done', value: Number(args[0]) + 1 }),
    });
    expect(outcome).toEqual({ ok: true, value: upTo(8).map((n) => n + 1) });
    expect(singles.map(({ attemptsBefore }) => attemptsBefore)).toEqual([2]);
  });

  it('a cancelled run rejects every call that was sent or waits', async () => {
    const cancelled = new TypeError('cancelled');
    const ran = run(group(upTo(5000).map((n) => call('add', [n]))), { transform: () => Promise.reject(cancelled) });
    await expect(ran).rejects.toBe(cancelled);
  });

  it('a revoked call is not sent any more, and what a pack still does for one is not heard of', async () => {
    const world = packedWorld({
      tasks,
      packable: Object.keys(tasks),
      single: noSingle,
      transform: (report) => {
        found.push(world.packer.revoke((path) => path === 'root/0' || path === 'root/4999'));
        return Promise.resolve(report);
      },
    });
    const found: number[] = [];
    const members = upTo(5000).map((n) => call('add', [n]));
    const { outcome } = await runEngine(group(members), tasks, {}, world.runtime);
    expect(found[0]).toBe(2);
    expect(found.slice(1).every((count) => count === 0)).toBe(true);
    expect(outcome).toMatchObject({ ok: false, failure: { type: 'TaskRevokedError', path: 'root/0' } });
    expect(new Set(world.calls.map(({ args }) => args[0]))).toEqual(new Set(upTo(4999)));
  });

  it('a revoked call that goes on alone is stopped where it runs', async () => {
    let stopped = 0;
    const world = packedWorld({
      tasks,
      packable: Object.keys(tasks),
      transform: (report, { items }) => Promise.resolve({ ...report, outcomes: items.map(() => []), died: true }),
      single: () =>
        new Promise((_, reject) => {
          setImmediate(() => world.packer.revoke((path) => path.startsWith('root')));
          stop.push(() => {
            stopped += 1;
            reject(new TypeError('cancelled'));
          });
        }),
      start: (work) => ({ done: work(), cancel: () => stop.shift()?.() }),
    });
    const stop: (() => void)[] = [];
    const { outcome } = await runEngine(group([call('add', [1]), call('add', [2])]), tasks, {}, world.runtime);
    expect(stopped).toBe(2);
    expect(outcome).toMatchObject({ ok: false, failure: { type: 'TaskRevokedError' } });
  });
});

describe('the body of a chord that travels with its header', () => {
  const sumOf: Readonly<Record<string, EagerTask>> = {
    ...tasks,
    sum: ([numbers, more = 0], _kwargs, retries) => {
      if (more === 'later' && retries < 1) throw new TryAgain({ maxRetries: 9 });
      return (numbers as readonly number[]).reduce((total, n) => total + n, 0);
    },
    count: (args) => args.length,
  };
  const runChord = (canvas: Signature, options: Partial<PackedOptions> = {}): Promise<Ran> =>
    run(canvas, { tasks: sumOf, packable: Object.keys(sumOf), ...options });
  const header = upTo(10).map((n) => call('add', [n]));
  const callsOf = ({ packs }: Ran): readonly number[] => packs.map(({ items }) => items.flat().length);

  it('CANVAS-3 is the last call of the pack that has all members', async () => {
    const ran = await runChord(chord(header, call('sum')));
    expect(ran.outcome).toEqual({ ok: true, value: 55 });
    expect(callsOf(ran)).toEqual([11]);
    expect(ran.sentTasks).toEqual([['add', 'sum']]);
    expect(new Set(ran.attempts.map(({ id }) => id)).size).toBe(11);
    const immutable = await runChord(chord(header, call('count', [1, 2], true)));
    expect(immutable.outcome).toEqual({ ok: true, value: 2 });
    expect(callsOf(immutable)).toEqual([11]);
  });

  it('is called when its time has come where the header takes several packs, or a worker handed a part back', async () => {
    const many = upTo(600).map((n) => call('add', [n]));
    const ran = await runChord(chord(many, call('sum')), {
      single: ({ args }) => Promise.resolve({ kind: 'done', value: (args[0] as number[]).length }),
    });
    expect(ran.outcome).toEqual({ ok: true, value: 600 });
    expect(ran.singles.map(({ call: { task } }) => task)).toEqual(['sum']);
    const back = await runChord(chord(header, call('sum')), {
      callsOfAPack: 7,
      single: ({ args }) => Promise.resolve({ kind: 'done', value: (args[0] as number[]).length }),
    });
    expect(back.outcome).toEqual({ ok: true, value: 10 });
    expect(back.calls.map(({ task }) => task)).not.toContain('sum');
  });

  it('does not begin when a member fails, and waits for one that is tried again', async () => {
    const failed = await runChord(chord([...header, call('fail', [1])], call('sum')));
    expect(failed.outcome).toMatchObject({ ok: false, failure: { message: '1 is broken' } });
    expect(failed.calls.map(({ task }) => task)).not.toContain('sum');
    const again = await runChord(chord([...header, call('later', [100])], call('sum')), {
      single: ({ args }) => Promise.resolve({ kind: 'done', value: args[0] }),
    });
    expect(again.outcome).toEqual({ ok: true, value: [...upTo(10).map((n) => n + 1), 100] });
    expect(again.calls.filter(({ task }) => task === 'sum')).toEqual([]);
  });

  it('RETRY-1 that fails is tried again with the same results, and the header is not', async () => {
    const ran = await runChord(chord(header, call('sum', ['later'])));
    expect(ran.outcome).toEqual({ ok: true, value: 55 });
    expect(ran.attempts.filter(({ attempt }) => attempt > 1)).toHaveLength(1);
    expect(callsOf(ran)).toEqual([11, 1]);
  });

  it('that waits for another attempt can be revoked', async () => {
    const found: number[] = [];
    const world = packedWorld({
      tasks: sumOf,
      packable: Object.keys(sumOf),
      single: noSingle,
      sleep: () => {
        found.push(world.packer.revoke((path) => path === 'root/body'));
        return Promise.resolve();
      },
    });
    const { outcome } = await runEngine(chord(header, call('sum', ['later'])), sumOf, {}, world.runtime);
    expect(found).toEqual([1]);
    expect(outcome).toMatchObject({ ok: false, failure: { type: 'TaskRevokedError' } });
    expect(world.packs).toHaveLength(1);
  });
});
