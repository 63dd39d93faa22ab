import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { chain, chord, group, task } from '../../../canvas/build/builders.ts';
import type { MemberOutcome } from '../../../canvas/model/join.ts';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import { type EagerTask, runEagerly } from '../../../canvas/reference/evaluator.ts';
import type { FailedCall } from '../../../canvas/engine/runtime.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { type EngineRun, refuseCancelled, runEngine } from './eager.ts';
import { canvas as randomCanvas, tasks as randomTasks } from './random-canvases.ts';
import type { Gives, TypedSignature } from '../../../canvas/build/typed.ts';
import { withErrorLink } from '../../../canvas/build/options.ts';

interface Step {
  readonly n: number;
  readonly fails?: boolean;
  /** Turns of the event loop that the call takes. */
  readonly turns?: number;
}

const work = task<Step, number>({ name: 'work' });
const sum = task<readonly number[], number>({ name: 'sum' });
const count = task<readonly MemberOutcome<number>[], number>({ name: 'count' });
const alarm = task<{ readonly failed: FailedCall }, null>({ name: 'alarm' });

const functions: Readonly<Record<string, EagerTask>> = {
  work: async (args, kwargs) => {
    const { n, fails, turns = 0 } = { ...(args[0] as object), ...kwargs } as unknown as Step;
    for (let turn = 0; turn < turns; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      refuseCancelled();
    }
    if (fails === true) throw new TypeError(`${n} fails`);
    return n;
  },
  sum: ([list]) => (list as number[]).reduce((a, b) => a + b, 0),
  count: ([list]) => (list as MemberOutcome[]).filter(({ ok }) => ok).length,
  note: ([first]) => first ?? null,
  alarm: () => null,
};

const good = (n: number, turns = 0): TypedSignature<unknown, number> => work.si({ n, turns });
const bad = (n: number, turns = 0): TypedSignature<unknown, number> => work.si({ n, turns, fails: true });

/** The run by the engine; the reference must come to the same. */
async function run(canvas: Signature): Promise<EngineRun> {
  const engine = await runEngine(parseSignature(JSON.parse(JSON.stringify(canvas))), functions);
  const { result } = await runEagerly(canvas, functions);
  expect(result.ok).toBe(engine.outcome.ok);
  return engine;
}

describe('join policies', () => {
  it('collect: the body is given one outcome for each member, with where and why it failed', async () => {
    const canvas = chord([good(1), bad(2), good(3)], count.s(), { join: { policy: 'collect' } });
    expect((await run(canvas)).outcome).toEqual({ ok: true, value: 2 });
    const { outcome } = await run(group([good(1), bad(2)], { join: { policy: 'collect' } }));
    expect(outcome).toEqual({
      ok: true,
      value: [
        { ok: true, value: 1 },
        {
          ok: false,
          failure: {
            type: 'Error',
            message: '2 fails',
            task: 'work',
            path: 'root/header/1',
            id: expect.any(String) as string,
          },
        },
      ],
    });
  });

  it('failFast: the first failure ends it at once and cancels what still runs', async () => {
    const told = withErrorLink(sum.s(), alarm.s());
    const slow = chain(good(1, 3), work.si({ n: 9 }));
    const { outcome, calls } = await run(chord([slow, bad(2, 1), good(3)], told, { join: { policy: 'failFast' } }));
    expect(outcome).toMatchObject({ ok: false, failure: { message: '2 fails', path: 'root/header/1' } });
    expect(calls.map(({ kwargs }) => kwargs['n'])).toEqual([1, 2, 3, undefined]);
    expect(calls.at(-1)?.task).toBe('alarm');
    const whole = await run(group([good(1), good(2, 2)], { join: { policy: 'failFast' } }));
    expect(whole.outcome).toEqual({ ok: true, value: [1, 2] });
  });

  it('threshold: waits for all, then gives the values of those that succeeded, in order', async () => {
    const members = [good(1, 2), bad(2), good(3), bad(4)] as const;
    const half = chord(members, sum.s(), { join: { policy: 'threshold', percent: 50 } });
    expect((await run(half)).outcome).toEqual({ ok: true, value: 4 });
    const { outcome, calls } = await run(chord(members, sum.s(), { join: { policy: 'threshold', count: 3 } }));
    expect(outcome).toMatchObject({
      ok: false,
      failure: {
        type: 'JoinFailed',
        message: 'expected 3 of 4 members to succeed, got 2; the first that failed: Error: 2 fails',
      },
    });
    expect(calls).toHaveLength(4);
  });

  it('a percentage is rounded up: 51 % of 2 are 2, 50 % are 1, of none are none', async () => {
    const ok = async (percent: number, members: readonly TypedSignature<unknown, number>[]): Promise<boolean> =>
      (await run(group(members, { join: { policy: 'threshold', percent } }))).outcome.ok;
    expect([await ok(51, [good(1), bad(2)]), await ok(50, [good(1), bad(2)]), await ok(100, [])]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('quorum: the body starts as soon as enough succeeded, and the rest is cancelled', async () => {
    const slow = chain(good(1, 5), good(9));
    const two = chord([slow, good(2, 1), bad(3), good(4)], sum.s(), { join: { policy: 'quorum', count: 2 } });
    const { outcome, calls } = await run(two);
    expect(outcome).toEqual({ ok: true, value: 6 });
    expect(calls.map(({ task: name, kwargs }) => kwargs['n'] ?? name)).toEqual([1, 2, 3, 4, 'sum']);
  });

  it('quorum: fails as soon as it cannot be reached', async () => {
    const join = { policy: 'quorum', count: 2 } as const;
    const { outcome, calls } = await run(group([chain(good(1, 5), good(9)), bad(2), bad(3)], { join }));
    expect(outcome).toMatchObject({
      ok: false,
      failure: { type: 'JoinFailed', message: expect.stringContaining('got 0') as string },
    });
    expect(calls).toHaveLength(3);
  });

  it('a run ends when what was cancelled has come to rest', async () => {
    let open = 0;
    const counting: EagerTask = async (args, kwargs, retries) => {
      open += 1;
      try {
        return await functions['work']?.(args, kwargs, retries);
      } finally {
        open -= 1;
      }
    };
    const canvas = group([good(1, 9), good(2)], { join: { policy: 'quorum', count: 1 } });
    const { outcome } = await runEngine(canvas, { ...functions, work: counting });
    expect([outcome, open]).toEqual([{ ok: true, value: [2] }, 0]);
  });

  it('a group with a policy is one result: inside a chain, a group and a header it is not taken apart', async () => {
    const collected = group([good(1), bad(2)], { join: { policy: 'collect' } });
    expect((await run(chain(collected, count.s()))).outcome).toEqual({ ok: true, value: 1 });
    const one = group([good(1)], { join: { policy: 'collect' } });
    expect((await run(chain(one, count.s()))).outcome).toEqual({ ok: true, value: 1 });
    expect((await run(group([good(7), one]))).outcome).toEqual({ ok: true, value: [7, [{ ok: true, value: 1 }]] });
    expect((await run(group([one]))).outcome).toEqual({ ok: true, value: [[{ ok: true, value: 1 }]] });
  });

  it('callbacks of a group with a policy are told once', async () => {
    const join = { policy: 'threshold', percent: 100 } as const;
    const { calls } = await run(withErrorLink(group([bad(1), bad(2)], { join }), alarm.s()));
    const told = calls.filter(({ task: name }) => name === 'alarm');
    expect(told.map(({ args }) => args)).toEqual([
      [{ failed: expect.objectContaining({ type: 'JoinFailed', path: 'root/body' }) as FailedCall }],
    ]);
  });

  it('results and what bodies take follow the policy in types', () => {
    const members = [good(1), good(2)] as const;
    const all = group(members, { join: { policy: 'failFast' } });
    expectTypeOf<Gives<typeof all>>().toEqualTypeOf<readonly [number, number]>();
    const each = group(members, { join: { policy: 'collect' } });
    expectTypeOf<Gives<typeof each>>().toEqualTypeOf<readonly [MemberOutcome<number>, MemberOutcome<number>]>();
    const some = group(members, { join: { policy: 'quorum', count: 1 } });
    expectTypeOf<Gives<typeof some>>().toEqualTypeOf<readonly number[]>();
    // @ts-expect-error sum takes numbers, collect gives outcomes
    chord(members, sum.s(), { join: { policy: 'collect' } });
    // @ts-expect-error a threshold needs a number or a percentage
    group(members, { join: { policy: 'threshold' } });
    expect([all, each, some].map(({ options }) => options?.join?.policy)).toEqual(['failFast', 'collect', 'quorum']);
  });
});

describe('error callbacks', () => {
  /** Every error callback says what it was told; its first argument names it. */
  const telling = (part: unknown): unknown =>
    JSON.parse(JSON.stringify(part), (key, value: unknown) =>
      key === 'link_error' && Array.isArray(value) ? value.map((one: object) => ({ ...one, immutable: false })) : value,
    );

  it('CANVAS-3 P3-17 each is called exactly once for each node that failed, whatever the canvas', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(randomCanvas, async (canvas) => {
        const events: string[] = [];
        const { calls } = await runEngine(
          telling(canvas) as Signature,
          randomTasks,
          {},
          {
            notify: ({ state, id, path }) => {
              if (state === 'failed') events.push(`${id} ${path}`);
            },
          },
        );
        const told = calls.flatMap(({ args }) => {
          const [payload, name] = args as [{ failed?: FailedCall } | null, number];
          return payload?.failed === undefined ? [] : [`${name} of ${payload.failed.id} ${payload.failed.path}`];
        });
        expect(new Set(told).size).toBe(told.length);
        number += told.length;
        expect(new Set(events).size).toBe(events.length);
      }),
      { numRuns: 300 },
    );
    expect(number).toBeGreaterThan(20);
  });
});

describe('join policies that cannot be', () => {
  const member = { task: 'work' };
  const grouped = (join: unknown, tasks: readonly object[] = [member, member]): object => ({
    task: 'celery.group',
    kwargs: { tasks },
    options: { join },
  });
  const at = 'canvas.options.join';

  it.each([
    [grouped('collect'), `${at}: expected a join policy, for example {"policy": "collect"}, got "collect"`],
    [grouped({ policy: 'any' }), `${at}.policy: expected failFast, collect, threshold, quorum, got "any"`],
    [grouped({ policy: 'quorum' }), `${at}: expected quorum with count, got nothing`],
    [grouped({ policy: 'threshold', count: 1, percent: 1 }), `${at}: expected threshold with count or percent, got`],
    [grouped({ policy: 'collect', count: 1 }), `${at}: expected collect with nothing else, got count`],
    [grouped({ policy: 'quorum', count: 0 }), `${at}.count: expected a whole number of at least 1, got 0`],
    [grouped({ policy: 'quorum', count: 3 }), `${at}.count: expected at most the number of members, 2, got 3`],
    [grouped({ policy: 'threshold', percent: 101 }), `${at}.percent: expected more than 0 and at most 100, got 101`],
    [{ task: 'work', options: { join: { policy: 'collect' } } }, `${at}: expected no join policy here`],
  ])('%j is refused with its path', (canvas, message) => {
    expect(() => parseSignature(canvas)).toThrow(message);
  });

  it('members of groups in groups are counted', () => {
    const inner = { task: 'celery.group', kwargs: { tasks: [member, member] } };
    expect(() => parseSignature(grouped({ policy: 'quorum', count: 3 }, [inner, member]))).not.toThrow();
  });
});
