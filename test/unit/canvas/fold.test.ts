import { describe, expect, expectTypeOf, it } from 'vitest';
import { task } from '../../../canvas/build/builders.ts';
import { fold } from '../../../canvas/build/fold.ts';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import type { EagerTask } from '../../../canvas/reference/evaluator.ts';
import { runBoth } from './eager.ts';
import type { TypedSignature } from '../../../canvas/build/typed.ts';

const double = task<{ readonly n: number }, number>({ name: 'double' });
const sum = task<readonly number[], number>({ name: 'sum' });

const functions: Readonly<Record<string, EagerTask>> = {
  double: (_args, { n }) => Number(n) * 2,
  sum: ([list]) => (list as readonly number[]).reduce((total, n) => total + n, 0),
};

describe('a fold', () => {
  const members = Array.from({ length: 100 }, (_, n) => double.si({ n }));

  it('CANVAS-3 gives what a chord would, and no body is given more than a piece', async () => {
    const { outcome, calls } = await runBoth(fold(members, sum.s(), { size: 8 }), functions);
    expect(outcome).toEqual({ ok: true, value: 9900 });
    const lists = calls.flatMap(({ task: name, args }) => (name === 'sum' ? [(args[0] as unknown[]).length] : []));
    expect(Math.max(...lists)).toBe(8);
    expect(lists).toHaveLength(13 + 2 + 1);
  });

  it('of no more than a piece is a chord, and its data passes every check', () => {
    expect(fold(members.slice(0, 8), sum.s(), { size: 8 })).toMatchObject({ task: 'celery.chord' });
    expect(() => parseSignature(JSON.parse(JSON.stringify(fold(members, sum.s(), { size: 8 }))))).not.toThrow();
    expect(() => fold(members, sum.s(), { size: 1 })).toThrow(RangeError);
  });

  it('takes and gives what its members and body do', () => {
    expectTypeOf(fold([double.s()], sum.s())).toEqualTypeOf<TypedSignature<{ readonly n: number }, number>>();
    // @ts-expect-error -- the body gives no number, which it would be given next
    fold([double.s()], task<readonly number[], string>({ name: 'words' }).s());
  });
});
