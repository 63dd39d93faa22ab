/** Packs that are called back: what a worker has not begun when it is revoked is not begun, the rest is made once. */
import { describe, expect, it } from 'vitest';
import { type EagerTask, TryAgain } from '../../../canvas/reference/evaluator.ts';
import type { CallEvent } from '../../../canvas/engine/runtime.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { replyOf, runEngine } from './eager.ts';
import { noSingle, type PackedOptions, type PackedWorld, packedWorld } from './packed.ts';
import { call, chain, chord, compose, group, upTo } from './signatures.ts';
import type { CallReply, CallRequest } from '../../../canvas/model/request.ts';

const adds = (count: number): readonly Signature[] => upTo(count).map((n) => call('add', [n]));

interface Ran extends PackedWorld {
  readonly outcome: unknown;
  /** Paths of the calls that were made, in order. */
  readonly made: readonly string[];
  /** Values by path. */
  readonly values: Readonly<Record<string, unknown>>;
}

interface Steered extends Partial<PackedOptions> {
  /** What happens while the `steer` task is given `n`. */
  readonly meanwhile?: (world: PackedWorld) => void;
  /** What is revoked before anything begins. */
  readonly before?: string;
}

async function run(canvas: Signature, { meanwhile, before, ...options }: Steered): Promise<Ran> {
  const tasks: Record<string, EagerTask> = {
    add: ([a, b = 1]) => Number(a) + Number(b),
    sum: ([numbers]) => (numbers as readonly number[]).reduce((total, n) => total + n, 0),
    steer: ([n]) => {
      meanwhile?.(world);
      return n;
    },
    again: (_args, _kwargs, retries) => {
      meanwhile?.(world);
      if (retries === 0) throw new TryAgain({ maxRetries: 9 });
      return 'again';
    },
    ...options.tasks,
  };
  const world: PackedWorld = packedWorld({
    packable: Object.keys(tasks),
    single: (request) => replyOf(tasks, { ...request, retries: 0 }),
    ...options,
    tasks,
  });
  if (before !== undefined) world.revoke(before);
  const values: Record<string, unknown> = {};
  const notify = ({ state, path, value }: CallEvent): void => {
    if (state === 'succeeded') values[path] = value;
  };
  const { outcome } = await runEngine(canvas, tasks, {}, { ...world.runtime, notify });
  const made = [...world.attempts.map(({ path }) => path), ...world.singles.map(({ path }) => path)];
  return { ...world, outcome, made, values };
}

describe('MON-5 what is revoked in a pack under way', () => {
  it('MON-5 is not made when it has not begun; the others are made once and keep their results', async () => {
    const counts: number[] = [];
    const members = adds(20).map((member, n) => (n === 3 ? call('steer', [4]) : member));
    const { made, values, packs, recalled, outcome } = await run(group(members), {
      meanwhile: ({ revoke }) => {
        counts.push(revoke('root/7'), revoke('root/9'));
      },
    });
    const others = upTo(20).filter((n) => n !== 7 && n !== 9);
    expect(made).toEqual(others.map((n) => `root/${n}`));
    expect(values).toEqual(Object.fromEntries(others.map((n) => [`root/${n}`, n + 1])));
    expect(counts).toEqual([1, 1]);
    expect(recalled).toEqual(packs.slice(0, 1));
    expect(packs).toHaveLength(2);
    expect(outcome).toMatchObject({ ok: false, failure: { type: 'TaskRevokedError', path: 'root/7' } });
  });

  it('calls back no other pack', async () => {
    const members = adds(60).map((member, n) => (n === 0 ? call('steer', [1]) : member));
    const { recalled, made } = await run(group(members), { meanwhile: ({ revoke }) => void revoke('root/40') });
    expect(recalled.map(({ items }) => items.flat().map(({ headers }) => headers?.['path']))).toEqual([
      expect.arrayContaining(['root/40']),
    ]);
    expect(new Set(made).size).toBe(59);
    expect(made).toHaveLength(59);
    expect(made).not.toContain('root/40');
  });

  it('is a later step of a chain: those before it are made, it and those behind it are not', async () => {
    const steps = chain([call('steer', [1]), call('add'), call('add'), call('add')]);
    const { made, values, outcome } = await run(group([steps, ...adds(3)]), {
      meanwhile: ({ revoke }) => void revoke('root/0/2'),
    });
    expect(made.toSorted()).toEqual(['root/0/0', 'root/0/1', 'root/1', 'root/2', 'root/3']);
    expect(values).toMatchObject({ 'root/0/1': 2, 'root/3': 3 });
    expect(outcome).toMatchObject({ ok: false, failure: { type: 'TaskRevokedError', path: 'root/0/2' } });
  });

  it('is an item of a map', async () => {
    const map = compose('map', { task: call('steer'), it: upTo(6) });
    const { made, outcome } = await run(map, { meanwhile: ({ revoke }) => void revoke('root/item/3') });
    expect(made).toEqual(['root/item/0', 'root/item/1', 'root/item/2']);
    expect(outcome).toMatchObject({ ok: false, failure: { type: 'TaskRevokedError', path: 'root/item/3' } });
  });

  it('CANVAS-3 is the body of a chord: its header is made once, also what had to be sent again', async () => {
    const { made, outcome, packs } = await run(chord([call('steer', [1]), ...adds(4)], call('sum')), {
      meanwhile: ({ revoke }) => void revoke('root/body'),
    });
    expect(made).toEqual(upTo(5).map((n) => `root/header/${n}`));
    expect(packs.map(({ items }) => items.length)).toEqual([6, 4]);
    expect(outcome).toMatchObject({ ok: false, failure: { type: 'TaskRevokedError', path: 'root/body' } });
  });

  it('CANVAS-3 is a member of a header: its body is not made', async () => {
    const { made, outcome } = await run(chord([call('steer', [1]), ...adds(4)], call('sum')), {
      meanwhile: ({ revoke }) => void revoke('root/header/2'),
    });
    expect(made).toEqual([0, 1, 3, 4].map((n) => `root/header/${n}`));
    expect(outcome).toMatchObject({ ok: false });
  });

  it.each(['root/body', 'root/header/1'])('with %s a body that had begun takes no further attempts', async (path) => {
    const { attempts, outcome } = await run(chord(adds(3), call('again')), {
      meanwhile: ({ revoke }) => void revoke(path),
    });
    expect(attempts.map((one) => one.path)).toEqual([...upTo(3).map((n) => `root/header/${n}`), 'root/body']);
    expect(outcome).toMatchObject({ ok: false });
  });

  it('does not travel along when it was revoked before its pack was made', async () => {
    const body = await run(chord(adds(3), call('sum')), { before: 'root/body' });
    expect(body.made).toEqual(upTo(3).map((n) => `root/header/${n}`));
    const steps = await run(chain([call('add', [1]), call('add'), call('add')]), { before: 'root/1' });
    expect(steps.made).toEqual(['root/0']);
    expect(steps.outcome).toMatchObject({ ok: false, failure: { path: 'root/1' } });
  });

  it('calls back no pack that had handed it back', async () => {
    const { recalled, packs } = await run(group(adds(9).map((member, n) => (n === 4 ? call('steer', [1]) : member))), {
      callsOfAPack: 3,
      meanwhile: ({ revoke }) => void revoke('root/8'),
    });
    expect(recalled).toHaveLength(1);
    expect(packs.indexOf(recalled[0] ?? { items: [] })).toBeGreaterThan(0);
  });
});

const request = (n: number): CallRequest => ({
  id: `call-${n}`,
  task: 'work',
  args: [n],
  kwargs: {},
  options: {},
  retries: 0,
  path: `root/${n}`,
  rootId: 'root',
  parentId: null,
  group: null,
  inChord: false,
  inline: null,
  expiresAt: null,
});

describe('a later step that is revoked', () => {
  it('is a call like any other to whoever asks for it all the same', async () => {
    const single: PackedOptions['single'] = ({ args }) => Promise.resolve({ kind: 'done', value: args[0] });
    const { packer } = packedWorld({ tasks: {}, packable: ['work'], single });
    const first = packer.call({ ...request(1), lookahead: [{ ...request(2), immutable: true }] });
    packer.revoke((path) => path === 'root/2');
    expect(await first).toEqual({ kind: 'done', value: 1 });
    expect(await packer.call(request(2))).toEqual({ kind: 'done', value: 2 });
  });
});

describe('calls of a part that is cancelled', () => {
  /** Calls that can each be cancelled apart. */
  async function calling(
    work: (n: number, cancel: (n: number) => void) => void,
  ): Promise<
    Pick<PackedWorld, 'recalled' | 'calls'> & { readonly settled: readonly PromiseSettledResult<CallReply>[] }
  > {
    const cancelled = new Set<number>();
    let contexts = 0;
    const world: PackedWorld = packedWorld({
      tasks: {
        work: ([n]) => {
          work(Number(n), (other) => {
            cancelled.add(other);
            world.packer.recallUnwanted();
          });
          return n;
        },
      },
      packable: ['work'],
      single: noSingle,
      context: () => {
        const own = contexts;
        contexts += 1;
        return { wanted: () => !cancelled.has(own), start: (made) => ({ done: made(), cancel: () => undefined }) };
      },
    });
    const replies = upTo(10).map((n) => world.packer.call(request(n)));
    const settled = await Promise.allSettled(replies);
    return { ...world, settled };
  }

  it('CANVAS-8 are not made when they have not begun: their pack is called back, once', async () => {
    const { calls, recalled, settled } = await calling((n, cancel) => {
      if (n === 2) for (const other of [5, 6, 1]) cancel(other);
    });
    expect(calls.map(({ args }) => args[0])).toEqual([0, 1, 2, 3, 4, 7, 8, 9]);
    expect(recalled).toHaveLength(1);
    expect(settled.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([5, 6]);
  });

  it('are rejected when the whole run is cancelled and its worker hands them back', async () => {
    const { calls, settled } = await calling((n, cancel) => {
      if (n === 2) for (const other of upTo(10)) cancel(other);
    });
    expect(calls).toHaveLength(3);
    expect(settled.map(({ status }) => status === 'fulfilled')).toEqual(upTo(10).map((n) => n < 3));
  });
});
