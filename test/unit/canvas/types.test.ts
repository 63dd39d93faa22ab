import { describe, expect, expectTypeOf, it } from 'vitest';
import { chain, chord, group, task } from '../../../canvas/build/builders.ts';
import { sampleTasks } from '../../../contracts/samples/tasks.ts';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import type { FailedCall } from '../../../canvas/engine/runtime.ts';
import { runEagerly } from '../../../canvas/reference/evaluator.ts';
import { inputOf } from '../../../canvas/signature/task-input.ts';
import type { Gives, TypedSignature, Takes } from '../../../canvas/build/typed.ts';
import { immutable, withErrorLink, withLink, withOptions, withStamps } from '../../../canvas/build/options.ts';

interface Text {
  readonly text: string;
}

const read = task<{ readonly documentId: string }, Text>({ name: 'read' });
const translate = task<{ readonly text: string; readonly to: string }, Text>({ name: 'translate' });
const count = task<Text, { readonly words: number }>({ name: 'count' });
const sum = task<readonly { readonly words: number }[], number>({ name: 'sum' });
const add = task<{ readonly a: number; readonly b: number }, number>({ name: 'add', parameters: ['a', 'b'] });
const alarm = task<{ readonly failed: FailedCall }, null>({ name: 'alarm' });

describe('types of builders', () => {
  it('follow the results through a chain of different steps', () => {
    const steps = chain(read.si({ documentId: '1' }), translate.s({ to: 'de' }), count.s());
    expectTypeOf(steps).toEqualTypeOf<TypedSignature<unknown, { readonly words: number }>>();
    const whole = read.s();
    expectTypeOf<Takes<typeof whole>>().toEqualTypeOf<{ readonly documentId: string }>();
    expect(whole.task).toBe('read');
    expect(steps.kwargs?.['tasks']).toHaveLength(3);
  });

  it('refuse a step that cannot take the result before it', () => {
    // @ts-expect-error translate needs a language, which read does not give
    chain(read.si({ documentId: '1' }), translate.s());
    // @ts-expect-error count gives words, translate takes a text
    chain(count.si({ text: 'a b' }), translate.s({ to: 'de' }));
    // @ts-expect-error a field of the wrong type
    read.si({ documentId: 1 });
    // @ts-expect-error no such field
    translate.s({ language: 'de' });
    expect(true).toBe(true);
  });

  it('give lists for groups and hand them to the body of a chord', () => {
    const both = group([count.si({ text: 'a' }), read.si({ documentId: '1' })]);
    expectTypeOf<Gives<typeof both>>().toEqualTypeOf<readonly [{ readonly words: number }, Text]>();
    const total = chord([count.si({ text: 'a' }), count.si({ text: 'b c' })], sum.s());
    expectTypeOf(total).toEqualTypeOf<TypedSignature<unknown, number>>();
    const { square, sum: sumNumbers } = sampleTasks;
    const squares = [1, 2].map((data) => task(square).si({ data }));
    const squared = chord(squares, task(sumNumbers).into('data', {}));
    expectTypeOf(squared).toEqualTypeOf<TypedSignature<unknown, number>>();
    // @ts-expect-error texts are no numbers
    chord([read.si({ documentId: '1' })], task(sumNumbers).into('data', {}));
    const many = group(['a', 'b'].map((text) => count.si({ text })));
    expectTypeOf<Gives<typeof many>>().toEqualTypeOf<readonly { readonly words: number }[]>();
    // @ts-expect-error the body takes counts, the header gives texts
    chord([read.si({ documentId: '1' })], sum.s());
    expect(total.kwargs?.['header']).toHaveLength(2);
    expect([both.task, many.task]).toEqual(['celery.group', 'celery.group']);
  });

  it('know what callbacks are given', () => {
    const linked = withLink(count.si({ text: 'a' }), immutable(sum.s()));
    expectTypeOf(linked).toEqualTypeOf<TypedSignature<unknown, { readonly words: number }>>();
    withErrorLink(linked, alarm.s());
    // @ts-expect-error translate takes a text, count gives words
    withLink(count.si({ text: 'a' }), translate.s({ to: 'de' }));
    // @ts-expect-error an error callback is given the failed call
    withErrorLink(linked, count.s());
    expect(linked.options?.link).toHaveLength(1);
  });

  it('know maps and fields that take a value', () => {
    expectTypeOf(count.map([{ text: 'a' }])).toEqualTypeOf<
      TypedSignature<unknown, readonly { readonly words: number }[]>
    >();
    const after = chain(add.si({ a: 1, b: 2 }), add.into('a', { b: 3 }));
    expectTypeOf(after).toEqualTypeOf<TypedSignature<unknown, number>>();
    // @ts-expect-error b takes a number
    add.into('a', { b: '3' });
    expect(() => add.into('b', { a: 1 })).toThrow('expected its first parameter (a)');
  });
});

/** How tasks with names run here: by the same rule as in a workflow. */
const functions = {
  add: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): number => {
    const { a, b } = inputOf({ name: 'add', parameters: ['a', 'b'] }, args, kwargs) as { a: number; b: number };
    return a + b;
  },
  read: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): Text => {
    const { documentId } = inputOf({ name: 'read' }, args, kwargs) as { documentId: string };
    return { text: `text of ${documentId}` };
  },
  translate: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): Text => {
    const { text, to } = inputOf({ name: 'translate' }, args, kwargs) as { text: string; to: string };
    return { text: `${to}: ${text}` };
  },
  count: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): { words: number } => {
    const { text } = inputOf({ name: 'count' }, args, kwargs) as Text;
    return { words: text.split(' ').length };
  },
  sum: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): number =>
    (inputOf({ name: 'sum' }, args, kwargs) as { words: number }[]).reduce((total, { words }) => total + words, 0),
};

describe('what builders build', () => {
  it('P3-58 runs eagerly: partials meet the result before them, own fields win', async () => {
    const steps = chain(read.si({ documentId: '7' }), translate.s({ to: 'de' }), count.s());
    const { result, calls } = await runEagerly(parseSignature(steps), functions);
    expect(result).toEqual({ ok: true, value: { words: 4 } });
    expect(calls.map((call) => call.task)).toEqual(['read', 'translate', 'count']);
    const total = chord([count.si({ text: 'a' }), count.si({ text: 'b c' })], sum.s());
    expect((await runEagerly(total, functions)).result).toEqual({ ok: true, value: 3 });
    const value = chain(add.si({ a: 1, b: 2 }), add.into('a', { b: 3 }));
    expect((await runEagerly(value, functions)).result).toEqual({ ok: true, value: 6 });
  });

  it("is Celery's JSON", () => {
    expect(JSON.parse(JSON.stringify(add.s({ b: 1 })))).toEqual({
      task: 'add',
      args: [],
      kwargs: { b: 1 },
      options: {},
      subtask_type: null,
      immutable: false,
    });
    const marked = withStamps(withOptions(chain(add.si({ a: 1, b: 2 })), { countdown: 1 }), { tenant: 'x' });
    expect(parseSignature(JSON.parse(JSON.stringify(marked)))).toMatchObject({
      task: 'celery.chain',
      subtask_type: 'chain',
      options: { countdown: 1, tenant: 'x', stamped_headers: ['tenant'] },
      kwargs: { tasks: [{ options: { tenant: 'x', stamped_headers: ['tenant'] } }] },
    });
  });

  it('puts callbacks of groups and chords where Celery puts them', () => {
    const both = group([add.si({ a: 1, b: 2 }), add.si({ a: 3, b: 4 })]);
    const told = withErrorLink(withLink(both, immutable(sum.s())), alarm.s());
    const [first, second] = told.kwargs?.['tasks'] as { options: { link?: unknown[]; link_error?: unknown[] } }[];
    expect([first?.options.link?.length, second?.options.link]).toEqual([1, undefined]);
    expect([first?.options.link_error?.length, second?.options.link_error?.length]).toEqual([1, 1]);
    const whole = withErrorLink(chord([add.si({ a: 1, b: 2 })], immutable(sum.s())), alarm.s());
    expect(whole.kwargs?.['body']).toMatchObject({ options: { link_error: [{ task: 'alarm' }] } });
  });
});
