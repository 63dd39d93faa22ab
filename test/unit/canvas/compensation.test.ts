import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { chain, group, task } from '../../../canvas/build/builders.ts';
import type { Undo } from '../../../canvas/engine/compensation.ts';
import type { EagerTask } from '../../../canvas/reference/evaluator.ts';
import { withCompensation } from '../../../canvas/build/step-builders.ts';
import { runBoth, runEngine } from './eager.ts';
import type { TypedSignature } from '../../../canvas/build/typed.ts';
import { immutable, withOptions } from '../../../canvas/build/options.ts';

const functions: Readonly<Record<string, EagerTask>> = {
  book: ([what]) => `booked ${String(what)}`,
  cancel: ([undo]) => (undo as Undo).result ?? 'nothing',
  fail: ([why]) => {
    throw new TypeError(String(why));
  },
};

afterEach(() => {
  vi.useRealTimers();
});

describe('compensation', () => {
  const cancel: TypedSignature<Undo<never, string>, unknown> = task<
    Undo<{ readonly args: readonly unknown[] }, string>,
    string
  >({
    name: 'cancel',
  }).s();
  const book = (what: string): TypedSignature<unknown, string> =>
    withCompensation(immutable<string>({ task: 'book', args: [what] }), cancel);
  const fail = immutable<string>({ task: 'fail', args: ['sold out'] });

  it('undoes what was done in reverse order, each once, with input and result', async () => {
    const { outcome, calls, compensated } = await runBoth(chain(book('flight'), book('hotel'), fail), functions);
    expect(outcome).toMatchObject({ ok: false, failure: { message: 'sold out' } });
    expect(calls.slice(3)).toEqual(
      ['hotel', 'flight'].map((what) => ({
        task: 'cancel',
        args: [{ input: { args: [what], kwargs: {} }, result: `booked ${what}` }],
        kwargs: {},
      })),
    );
    expect(compensated).toEqual([
      { path: 'root/1', task: 'book' },
      { path: 'root/0', task: 'book' },
    ]);
  });

  it('undoes in the reverse of the order in which calls ended, also across parts', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
    const clock = {
      sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      now: () => Date.now(),
    };
    const delays = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 9 });
    let cuts = 0;
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 4 }), async (seconds, weight) => {
        const members = seconds.map((countdown) => withOptions(book(String(countdown)), { countdown }));
        const run = { over: false };
        const running = runEngine(chain(group(members), fail), functions, {}, clock, weight);
        const ended = running.finally(() => (run.over = true));
        while (!run.over) await vi.advanceTimersByTimeAsync(1_000);
        const { calls, parts } = await ended;
        cuts += parts.length;
        const undone = calls.flatMap(({ task: name, args: [given] }) =>
          name === 'cancel' ? (given as Undo<{ readonly args: readonly unknown[] }>).input.args : [],
        );
        expect(undone).toEqual([...seconds].sort((a, b) => b - a).map(String));
      }),
      { numRuns: 30 },
    );
    expect(cuts).toBeGreaterThan(30);
  });

  it('does nothing where the canvas succeeds, and for calls that were not made', async () => {
    expect((await runBoth(chain(book('flight'), book('hotel')), functions)).calls).toHaveLength(2);
    const { calls } = await runBoth(chain(book('flight'), fail, book('hotel')), functions);
    expect(calls.map(({ task: name }) => name)).toEqual(['book', 'fail', 'cancel']);
  });

  it('goes on after a compensation that fails, and reports it', async () => {
    const failing = withCompensation(book('flight'), fail);
    const { compensated, calls } = await runBoth(group([failing, book('hotel'), fail]), functions);
    expect(calls.filter(({ task: name }) => name === 'cancel')).toHaveLength(1);
    expect(compensated).toContainEqual({
      path: 'root/0',
      task: 'book',
      failure: expect.objectContaining({ message: 'sold out', path: 'root/0/compensate' }) as object,
    });
  });

  it('undoes with null what may have been done: a lost worker, a cancelled call', async () => {
    const reply = { kind: 'failed', failure: { type: 'WorkerLost', message: 'gone' } } as const;
    const seen: unknown[] = [];
    await runEngine(
      book('flight'),
      functions,
      {},
      {
        call: ({ task: name, args }) => {
          if (name === 'cancel') seen.push(args[0]);
          return Promise.resolve(name === 'cancel' ? { kind: 'done', value: null } : reply);
        },
      },
    );
    const cancelled = runEngine(
      chain(book('hotel'), book('car')),
      functions,
      {},
      {
        call: ({ task: name, args }) => {
          if (name === 'book' && args[0] === 'car') return Promise.reject(new TypeError('cancelled'));
          if (name === 'cancel') seen.push(args[0]);
          return Promise.resolve({ kind: 'done', value: `did ${name}` });
        },
      },
    );
    await expect(cancelled).rejects.toThrow('cancelled');
    expect(seen.map((undo) => (undo as Undo).result)).toEqual([null, null, 'did book']);
  });

  it('a step that was undone is done again when failed members are run again', async () => {
    const { calls } = await runEngine(
      chain(book('flight'), book('hotel')),
      functions,
      {},
      {
        known: () => ({ value: 'of the earlier run' }),
      },
    );
    expect(calls).toHaveLength(2);
  });

  it('refuses an undo that takes another result', () => {
    const wrong = task<Undo<unknown, number>, null>({ name: 'wrong' }).s();
    // @ts-expect-error book gives text, the undo takes a number
    const part = withCompensation(book('hotel'), wrong);
    expect(part.options?.compensate).toBe(wrong);
  });
});
