import { describe, expect, expectTypeOf, it } from 'vitest';
import { chain, group, task } from '../../../canvas/build/builders.ts';
import { type Condition, holds } from '../../../canvas/signature/condition.ts';
import type { MemberOutcome } from '../../../canvas/model/join.ts';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import type { EagerTask } from '../../../canvas/reference/evaluator.ts';
import type { FailedCall } from '../../../canvas/engine/runtime.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { mapEach, when } from '../../../canvas/build/step-builders.ts';
import { type EngineRun, runBoth } from './eager.ts';
import type { Gives, TypedSignature } from '../../../canvas/build/typed.ts';
import { withErrorLink, withOptions } from '../../../canvas/build/options.ts';

interface Order {
  readonly id: string;
  readonly total: number;
}

const find = task<{ readonly totals: readonly number[] }, readonly Order[]>({ name: 'find' });
const pay = task<Order, string>({ name: 'pay' });
const review = task<Order, string>({ name: 'review' });
const first = task<readonly Order[], Order>({ name: 'first' });
const words = task<readonly string[], string>({ name: 'words' });
const alarm = task<{ readonly failed: FailedCall }, null>({ name: 'alarm' });

const functions: Readonly<Record<string, EagerTask>> = {
  find: (_args, { totals }) => (totals as number[]).map((total, at) => ({ id: `o${at}`, total })),
  first: ([orders]) => (orders as Order[])[0],
  pay: ([order]) => {
    const { id, total } = order as Order;
    if (total < 0) throw new TypeError(`${id} cannot be paid`);
    return `paid ${id}`;
  },
  review: ([order]) => `looked at ${(order as Order).id}`,
  words: ([list]) => (list as string[]).join(', '),
  alarm: () => null,
};

const run = (canvas: Signature): Promise<EngineRun> => runBoth(canvas, functions);

const valueOf = async (canvas: Signature): Promise<unknown> => {
  const { outcome } = await run(canvas);
  return outcome.ok ? outcome.value : outcome.failure;
};

describe('conditions', () => {
  const large: Condition = { path: 'total', greater: 100 };

  it('go on with one of two parts, given the value before them', async () => {
    const steps = (total: number): TypedSignature<unknown, string> =>
      chain(find.si({ totals: [total] }), first.s(), when(large, review.s(), pay.s()));
    expect(await valueOf(steps(500))).toBe('looked at o0');
    expect(await valueOf(steps(50))).toBe('paid o0');
  });

  it('without an else the value goes on as it is', async () => {
    const part = when<Order, string>(large, review.s());
    expectTypeOf<Gives<typeof part>>().toEqualTypeOf<Order | string>();
    const steps = chain(find.si({ totals: [5] }), first.s(), part);
    expect(await valueOf(steps)).toEqual({ id: 'o0', total: 5 });
  });

  it('a branch keeps the place of the step: a group in it is one list, callbacks and what follows come after', async () => {
    const both = when({ exists: true }, group([pay.s(), review.s()]));
    const steps = chain(
      find.si({ totals: [5] }),
      first.s(),
      both as TypedSignature<Order, readonly string[]>,
      words.s(),
    );
    expect(await valueOf(steps)).toBe('paid o0, looked at o0');
    const { calls } = await run(
      withErrorLink(chain(find.si({ totals: [-1] }), first.s(), when({ exists: true }, pay.s())), alarm.s()),
    );
    expect(calls.filter(({ task: name }) => name === 'alarm')).toHaveLength(1);
  });

  it('options of the step are those of its branch', async () => {
    const step = withOptions(when(large, review.s(), pay.s()), { priority: 8, countdown: 3 });
    const { requests } = await run(chain(find.si({ totals: [5] }), first.s(), step));
    expect(requests.at(-1)?.options).toMatchObject({ priority: 8 });
    expect(requests.at(-1)?.options.countdown).toBeUndefined();
  });

  it.each<[Condition, unknown, boolean]>([
    [{ path: 'a.b.1', equals: 2 }, { a: { b: [1, 2] } }, true],
    [{ path: ['a.b', 0], equals: { x: 1, y: [] } }, { 'a.b': [{ y: [], x: 1 }] }, true],
    [{ path: 'a', equals: [1] }, { a: [1, 2] }, false],
    [{ notEquals: 'x' }, 'y', true],
    [{ greater: 1 }, 2, true],
    [{ greater: 1 }, '2', false],
    [{ less: '2026-02' }, '2026-01-31', true],
    [{ path: 'a', less: 1 }, {}, false],
    [{ path: 'a', exists: false }, { a: null }, true],
    [{ path: 'constructor', exists: true }, {}, false],
    [{ truthy: true }, [], false],
    [{ truthy: false }, '', true],
    [{ truthy: true }, {}, true],
  ])('%j of %j is %j', (condition, value, expected) => {
    expect(holds(condition, value)).toBe(expected);
  });
});

describe('maps over an earlier result', () => {
  it('CANVAS-9 call the part for each entry, and give the list to what follows', async () => {
    expect(await valueOf(chain(find.si({ totals: [1, 2] }), mapEach(pay.s()), words.s()))).toBe('paid o0, paid o1');
    expect(await valueOf(chain(find.si({ totals: [] }), mapEach(pay.s()), words.s()))).toBe('');
  });

  it('entries may be whole chains, and have paths of their own', async () => {
    const checked = mapEach(chain(when({ path: 'total', greater: 9 }, review.s(), pay.s())));
    const { outcome, requests } = await run(chain(find.si({ totals: [1, 10] }), checked));
    expect(outcome).toEqual({ ok: true, value: ['paid o0', 'looked at o1'] });
    expect(requests.at(-1)?.path).toBe('root/1/replaced/header/1/0/replaced');
  });

  it('have join policies', async () => {
    const some = mapEach(pay.s(), { join: { policy: 'threshold', percent: 50 } });
    expect(await valueOf(chain(find.si({ totals: [1, -1] }), some))).toEqual(['paid o0']);
    const each = mapEach(pay.s(), { join: { policy: 'collect' } });
    expectTypeOf(each).toEqualTypeOf<TypedSignature<readonly Order[], readonly MemberOutcome<string>[]>>();
    expect(each.kwargs).toMatchObject({ join: { policy: 'collect' } });
  });

  it('fail on what is no list, or is too long, before anything is called', async () => {
    const one = chain(
      find.si({ totals: [1] }),
      first.s(),
      mapEach(pay.s()) as unknown as TypedSignature<Order, unknown>,
    );
    expect(await valueOf(one)).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining('got an object') as string,
    });
    const { outcome, calls } = await run(chain(find.si({ totals: [1, 2, 3] }), mapEach(pay.s(), { limit: 2 })));
    expect(outcome).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('at most 2, got 3') as string },
    });
    expect(calls).toHaveLength(1);
  });

  it('refuse a part that does not take an entry', () => {
    // @ts-expect-error words takes a list of texts, the entries are orders
    chain(find.si({ totals: [] }), mapEach(words.s()));
    expect(mapEach(pay.s()).task).toBe('perennial.map');
  });
});

describe('steps that cannot be', () => {
  const call = { task: 'pay' };
  const undoable = { ...call, options: { compensate: call } };
  const step = (name: string, kwargs: object): object => ({ task: `perennial.${name}`, kwargs });
  const kwargs = 'canvas.kwargs';

  it.each([
    [
      step('if', {}),
      'canvas.task: expected perennial.when, perennial.map, perennial.approval, perennial.pipeline, got',
    ],
    [step('when', { then: call }), `${kwargs}.test: expected a condition`],
    [step('when', { test: { greater: 1, less: 2 }, then: call }), `${kwargs}.test: expected path and one of equals`],
    [
      step('when', { test: { greater: true }, then: call }),
      `${kwargs}.test.greater: expected a number or text, got true`,
    ],
    [step('when', { test: { exists: 1 }, then: call }), `${kwargs}.test.exists: expected true or false, got 1`],
    [step('when', { test: { path: 3, exists: true }, then: call }), `${kwargs}.test.path: expected text such as`],
    [step('when', { test: { truthy: true } }), `${kwargs}.then: expected a signature`],
    [
      step('when', { test: { truthy: true }, then: call, otherwise: call }),
      `${kwargs}.otherwise: expected no such field`,
    ],
    [step('map', { task: { task: '' } }), `${kwargs}.task.task: expected the name of a task`],
    [step('map', { task: call, limit: 10_001 }), `${kwargs}.limit: expected a whole number from 1 to 10000, got 10001`],
    [step('map', { task: { ...call, options: { task_id: 'x' } } }), `${kwargs}.task.options.task_id: expected none`],
    [step('map', { task: call, join: { policy: 'some' } }), `${kwargs}.join.policy: expected failFast, collect`],
    [step('approval', { message: 7 }), `${kwargs}.message: expected text of at most 500 characters, got 7`],
    [step('approval', { timeout: 0 }), `${kwargs}.timeout: expected seconds, more than 0`],
    [step('approval', { onTimeout: 'reject' }), `${kwargs}.timeout: expected seconds, because of onTimeout`],
    [step('approval', { timeout: 1, onTimeout: 'wait' }), `${kwargs}.onTimeout: expected fail, reject, approve or a`],
    [step('approval', { timeout: 1, onTimeout: { task: 1 } }), `${kwargs}.onTimeout.task: expected the name of a task`],
    [step('approval', { gives: 'who' }), `${kwargs}.gives: expected value or decision, got "who"`],
    [step('pipeline', {}), `${kwargs}.name: expected the name of a pipeline, got nothing`],
    [
      { task: 'celery.chain', kwargs: { tasks: [call] }, options: { compensate: call } },
      'canvas.options.compensate: expected no compensation here',
    ],
    [
      { ...call, options: { compensate: { ...call, options: { compensate: call } } } },
      'canvas.options.compensate.options.compensate: expected none',
    ],
    [{ ...call, options: { compensate: 'undo' } }, 'canvas.options.compensate: expected a signature'],
    [
      { ...call, options: { compensate: { task: 'celery.chain', kwargs: { tasks: [call, undoable] } } } },
      'canvas.options.compensate.kwargs.tasks[1].options.compensate: expected none for what undoes',
    ],
    [
      { ...call, options: { link_error: [call, undoable] } },
      'canvas.options.link_error[1].options.compensate: expected none inside of an error callback',
    ],
    [
      { ...call, options: { link_error: { task: 'celery.group', kwargs: { tasks: [undoable] } } } },
      'canvas.options.link_error.kwargs.tasks[0].options.compensate: expected none inside of an error callback',
    ],
  ])('%j is refused with its path', (canvas, message) => {
    expect(() => parseSignature(canvas)).toThrow(message);
  });

  it('parts inside of steps are checked like any other', () => {
    const policy = { knowsTask: (name: string) => name === 'pay', knowsPipeline: () => false };
    const hidden = step('when', { test: { truthy: true }, then: { task: 'nobody' } });
    expect(() => parseSignature(hidden, policy)).toThrow(
      'canvas.kwargs.then.task: expected the name of a task of the catalogue',
    );
    expect(() => parseSignature(step('pipeline', { name: 'x' }), policy)).toThrow('a pipeline that a canvas may start');
  });
});
