import { CancelledFailure } from '@temporalio/workflow';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { TaskOutput } from '../../../contracts/catalogue.ts';
import type { FailureRecord } from '../../../contracts/failures.ts';
import { failureRecord, PerennialError } from '../../../contracts/failures.ts';
import { tasks } from '../../../workflows/calls/tasks.ts';
import { Call, chain, chord, group, type MemberOutcome } from '../../../workflows/calls/composition.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A call that gives a value after so many turns, and notes that it began. */
function later<Out>(value: Out, turns = 1, begun: Out[] = []): Call<Out> {
  return new Call(async () => {
    begun.push(value);
    for (let i = 0; i < turns; i++) await turn();
    return value;
  });
}

function failing(message: string, turns = 1): Call<never> {
  return new Call(async () => {
    for (let i = 0; i < turns; i++) await turn();
    throw new PerennialError('EmptyFile', message);
  });
}

describe('a call', () => {
  it('begins when it is awaited, not before, and only once', async () => {
    const begun: string[] = [];
    const call = later('a', 1, begun);
    await turn();
    expect(begun).toEqual([]);
    expect([await call, await call]).toEqual(['a', 'a']);
    expect(begun).toEqual(['a']);
  });

  it('is as good as a promise', async () => {
    const ended: string[] = [];
    await expect(failing('none').catch((error: unknown) => (error as Error).message)).resolves.toBe('none');
    await expect(later(1).finally(() => ended.push('end'))).resolves.toBe(1);
    expect(ended).toEqual(['end']);
  });

  it('of a task takes its input and gives its output, by the types of the catalogue', () => {
    expectTypeOf(tasks.samples.add({ a: 1, b: 2 })).toEqualTypeOf<Call<number>>();
    expectTypeOf<ReturnType<typeof tasks.documents.readDocument>>().toEqualTypeOf<
      Call<TaskOutput<'documents.readDocument'>>
    >();
    // @ts-expect-error a field of the wrong type
    expect(tasks.samples.add({ a: 1, b: '2' })).toBeInstanceOf(Call);
    // @ts-expect-error no such task
    expect(tasks.samples.take).toBeUndefined();
  });

  it('cannot be made of a promise: that has begun already', () => {
    // @ts-expect-error a promise is no member
    expect(group([Promise.resolve(1)])).toBeInstanceOf(Call);
  });
});

describe('a group', () => {
  it('CANVAS-2 gives results in the order of its members, never more than the limit under way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), async (turns, limit) => {
        let underWay = 0;
        let most = 0;
        const members = turns.map((count, index) => async () => {
          most = Math.max(most, (underWay += 1));
          await later(index, count + 1);
          underWay -= 1;
          return index;
        });
        expect(await group(members, { limit })).toEqual(turns.map((_, index) => index));
        expect(most).toBe(Math.min(limit, turns.length));
      }),
      { numRuns: 50 },
    );
  });

  it('types each result for itself, and lists of calls as lists', async () => {
    const both = await group([later('a'), () => 1]);
    expectTypeOf(both).toEqualTypeOf<readonly [string, number]>();
    expect(both).toEqual(['a', 1]);
    const many = group([1, 2].map((n) => tasks.samples.square({ data: n })));
    expectTypeOf(many).toEqualTypeOf<Call<readonly number[]>>();
  });

  it('brings every member to its end, then fails with what failed first in time', async () => {
    const begun: number[] = [];
    const members = [failing('slow', 5), failing('quick', 2), later(1, 9, begun), later(2, 1, begun)];
    await expect(group(members, { limit: 3 })).rejects.toThrow('quick');
    expect(begun).toEqual([1, 2]);
  });

  it('that stops begins nothing more, and waits for what is under way', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const noted = (n: number) => chain(later(n, 4, begun), (value) => void ended.push(value));
    const run = group([noted(1), failing('quick'), noted(2), noted(3)], { limit: 2, join: 'stop' });
    await expect(run).rejects.toThrow('quick');
    expect(begun).toEqual([1]);
    expect(ended).toEqual([1]);
  });

  it('that collects gives one outcome for each member and fails with none', async () => {
    const outcomes = await group([later('a'), failing('no bytes')], { join: 'collect' });
    expectTypeOf(outcomes).toEqualTypeOf<readonly [MemberOutcome<string>, MemberOutcome<never>]>();
    const failure: FailureRecord = failureRecord('EmptyFile', 'no bytes');
    expect(outcomes).toEqual([
      { ok: true, value: 'a' },
      { ok: false, failure },
    ]);
  });

  it.each(['all', 'stop', 'collect'] as const)('is ended by a cancellation: %s', async (join) => {
    const begun: number[] = [];
    const cancelled = new Call<never>(() => Promise.reject(new CancelledFailure('cancelled')));
    await expect(group([cancelled, later(1, 1, begun)], { limit: 1, join })).rejects.toThrow(CancelledFailure);
    expect(begun).toEqual([]);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a limit of %s', async (limit) => {
    await expect(group([later(1)], { limit })).rejects.toMatchObject({ type: 'InvalidInput' });
  });

  it('of nothing is done', async () => {
    await expect(group([])).resolves.toEqual([]);
  });
});

describe('a chain', () => {
  it('CANVAS-1 hands each result to the step after it, and types follow', async () => {
    const steps = chain(
      later('7'),
      (text) => Number(text) + 1,
      (sum) => later([sum, sum]),
      (pair) => pair.length,
    );
    expectTypeOf(steps).toEqualTypeOf<Call<number>>();
    await expect(steps).resolves.toBe(2);
    // @ts-expect-error a text where a number is wanted
    expect(chain(later('7'), (n: number) => n)).toBeInstanceOf(Call);
  });

  it('begins no step before the one before has ended, and none after a failure', async () => {
    const begun: number[] = [];
    await expect(chain(later(1, 3, begun), later(2, 1, begun), failing('end'), later(3, 1, begun))).rejects.toThrow(
      'end',
    );
    expect(begun).toEqual([1, 2]);
  });
});

describe('a chord', () => {
  it('CANVAS-3 gives its body the results in order', async () => {
    const sum = chord(
      [3, 1, 2].map((n) => later(n, n)),
      (numbers) => numbers.join('+'),
    );
    expectTypeOf(sum).toEqualTypeOf<Call<string>>();
    await expect(sum).resolves.toBe('3+1+2');
  });

  it('does not run its body after a failure, unless outcomes are collected', async () => {
    const bodies: unknown[] = [];
    await expect(chord([later(1), failing('one')], (list) => void bodies.push(list))).rejects.toThrow('one');
    expect(bodies).toEqual([]);
    const good = chord([later(1), failing('one')], (list) => list.filter(({ ok }) => ok).length, { join: 'collect' });
    await expect(good).resolves.toBe(1);
  });
});
