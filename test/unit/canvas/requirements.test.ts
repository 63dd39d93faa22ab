import { describe, expect, it } from 'vitest';
import { type EagerTask, runEagerly } from '../../../canvas/reference/evaluator.ts';
import type { Signature, SignatureOptions } from '../../../canvas/signature/signature.ts';
import { inputOf } from '../../../canvas/signature/task-input.ts';
import { runEngine } from './eager.ts';

const call = (task: string, args: unknown[] = [], options: SignatureOptions = {}, immutable = false): Signature => ({
  task,
  args,
  kwargs: {},
  options,
  immutable,
});
const compose = (kind: string, kwargs: Record<string, unknown>, options: SignatureOptions = {}): Signature => ({
  task: `celery.${kind}`,
  args: [],
  kwargs,
  options,
  subtask_type: kind,
});
const chain = (...tasks: Signature[]): Signature => compose('chain', { tasks });
const group = (...tasks: Signature[]): Signature => compose('group', { tasks });
const chord = (header: Signature[], body: Signature): Signature => compose('chord', { header, body, kwargs: {} });

const numbers = (value: unknown): number[] => value as number[];

const tasks: Readonly<Record<string, EagerTask>> = {
  add: ([a, b]) => Number(a) + Number(b),
  multiply: ([a, b]) => Number(a) * Number(b),
  subtract: ([a, b]) => Number(a) - Number(b),
  square: ([n]) => Number(n) ** 2,
  sum: ([list]) => numbers(list).reduce((a, b) => a + b, 0),
  double: ([n]) => Number(n) * 2,
  upper: ([text]) => String(text).toUpperCase(),
  length: ([list]) => numbers(list).length,
  validate: ([list]) => numbers(list).filter((n) => n >= 0),
  save: ([chunk]) => ({ saved: numbers(chunk).length }),
  total: ([list]) => ({ saved: (list as { saved: number }[]).reduce((all, { saved }) => all + saved, 0) }),
  process: ([file]) => `${String(file)} processed`,
  notify: ([user, text]) => `${String(user)}: ${String(text)}`,
  fail: () => {
    throw new TypeError('broken');
  },
  note: () => null,
};

/** The value on which engine and reference agree. */
async function valueOf(canvas: Signature, args: readonly unknown[] = []): Promise<unknown> {
  const engine = await runEngine(canvas, tasks, { args });
  const { result } = await runEagerly(canvas, tasks, { args });
  expect(engine.outcome).toEqual(result);
  if (!engine.outcome.ok) throw new TypeError(engine.outcome.failure.message);
  return engine.outcome.value;
}

describe('the sources compositions', () => {
  it('CANVAS-1 a chain passes each result on: (n + 1) · 2 − 5, and a failing step stops it', async () => {
    const steps = chain(call('add', [1]), call('multiply', [2]), call('subtract', [5]));
    expect(await valueOf(steps, [5])).toBe(7);
    const { outcome, calls } = await runEngine(chain(call('add', [1, 1]), call('fail'), call('double')), tasks);
    expect(outcome).toMatchObject({ ok: false, failure: { message: 'broken', task: 'fail', path: 'root/1' } });
    expect(calls.map(({ task }) => task)).toEqual(['add', 'fail']);
  });

  it('CANVAS-2 a group gives its results in order', async () => {
    expect(await valueOf(group(...[1, 2, 3, 4].map((n) => call('square', [n]))))).toEqual([1, 4, 9, 16]);
  });

  it('CANVAS-3 a chord doubles the sum, and only after all members', async () => {
    const canvas = chord(
      [1, 2, 3].map((n) => call('square', [n])),
      chain(call('sum'), call('double')),
    );
    expect(await valueOf(canvas)).toBe(28);
    const { calls } = await runEngine(canvas, tasks);
    expect(calls.map(({ task }) => task)).toEqual(['square', 'square', 'square', 'sum', 'double']);
  });

  it('CANVAS-4 P3-16 validates, then cuts into chunks of 100, then fans out: 250 items are 3 chunks', async () => {
    const items = Array.from({ length: 250 }, (_, n) => n);
    const valid = (await valueOf(call('validate', [[-1, ...items]]))) as number[];
    const parts = [0, 100, 200].map((at) => valid.slice(at, at + 100));
    const canvas = chord(
      parts.map((part) => call('save', [part], {}, true)),
      call('total'),
    );
    expect(await valueOf(canvas)).toEqual({ saved: 250 });
    const { requests } = await runEngine(canvas, tasks);
    expect(requests.slice(0, 3).map(({ args }) => numbers(args[0]).length)).toEqual([100, 100, 50]);
  });

  it('CANVAS-5 map calls the task for each item', async () => {
    const canvas = { task: 'celery.map', kwargs: { task: call('upper'), it: ['a', 'b'] }, immutable: true };
    expect(await valueOf(canvas)).toEqual(['A', 'B']);
  });

  it('CANVAS-6 starmap spreads each item over the arguments', async () => {
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(await valueOf({ task: 'celery.starmap', kwargs: { task: call('add'), it: rows } })).toEqual([3, 7, 11]);
  });

  it('CANVAS-7 PERF-2 chunks of 1,000 side by side give lists of results', async () => {
    const rows = Array.from({ length: 2500 }, (_, n) => [n, 1]);
    const value = await valueOf({ task: 'celery.chunks', kwargs: { task: call('add'), it: rows, n: 1000 } });
    expect((value as unknown[][]).map((part) => part.length)).toEqual([1000, 1000, 500]);
  });

  it('CANVAS-8 P3-19 a file is processed, then its user is notified, with arguments of his own', async () => {
    const canvas = chain(call('process', ['f1']), call('notify', ['user-1', 'done'], {}, true));
    expect(await valueOf(canvas)).toBe('user-1: done');
  });

  it('CANVAS-9 one call for each file, and the results of all', async () => {
    expect(await valueOf(group(call('process', ['a']), call('process', ['b'])))).toEqual([
      'a processed',
      'b processed',
    ]);
  });

  it('CANVAS-10 options of a group reach its members, and a member may go to another queue', async () => {
    const canvas = compose(
      'group',
      { tasks: [call('square', [1]), call('square', [2], { queue: 'documents.low_priority' })] },
      { priority: 8 },
    );
    const { requests } = await runEngine(canvas, tasks);
    expect(requests.map(({ options }) => [options.priority, options.queue])).toEqual([
      [8, undefined],
      [8, 'documents.low_priority'],
    ]);
  });
});

describe('what a canvas promises beyond its result', () => {
  it('P3-17 one bad member never stops the others, and the body is told once', async () => {
    const told = call('note', [], {}, true);
    const body = call('sum', [], { link_error: [told] });
    const { outcome, calls } = await runEngine(chord([call('fail'), call('square', [2]), call('fail')], body), tasks);
    expect(outcome).toMatchObject({ ok: false, failure: { message: 'broken' } });
    expect(calls.map(({ task }) => task)).toEqual(['fail', 'square', 'fail', 'note']);
  });

  it('error callbacks are given the failed call, once each', async () => {
    const { calls } = await runEngine(
      call('fail', [], { task_id: 'f', link_error: [call('note'), call('note')] }),
      tasks,
    );
    const failed = { id: 'f', task: 'fail', path: 'root', type: 'Error', message: 'broken' };
    expect(calls.filter(({ task }) => task === 'note')).toEqual([
      { task: 'note', args: [{ failed }], kwargs: {} },
      { task: 'note', args: [{ failed }], kwargs: {} },
    ]);
  });

  it('a failing callback touches nobody', async () => {
    expect(await valueOf(call('square', [3], { link: [call('fail')] }))).toBe(9);
  });

  it('a cancelled run comes to rest before it says so', async () => {
    let open = 0;
    const cancelled = runEngine(
      group(call('square', [1]), call('square', [2])),
      tasks,
      {},
      {
        call: async () => {
          open += 1;
          await new Promise((resolve) => setTimeout(resolve, 5 * open));
          open -= 1;
          throw new TypeError('cancelled');
        },
      },
    );
    await expect(cancelled).rejects.toThrow('cancelled');
    expect(open).toBe(0);
  });

  it('events tell the state of every call', async () => {
    const events: string[] = [];
    const canvas = chain(call('square', [2], { countdown: 5 }), call('fail'));
    await runEngine(canvas, tasks, {}, { notify: ({ path, state }) => events.push(`${path} ${state}`) });
    expect(events).toEqual(['root/0 waiting', 'root/0 running', 'root/0 succeeded', 'root/1 running', 'root/1 failed']);
  });
});

describe('arguments of tasks that take one input', () => {
  const named = { name: 'add', parameters: ['a', 'b'] };

  it('by name where the task names its parameters', () => {
    expect(inputOf(named, [1], { b: 2 })).toEqual({ a: 1, b: 2 });
    expect(() => inputOf(named, [1, 2, 3], {})).toThrow('args: expected at most 2 positional arguments of add, got 3');
  });

  it('merged from left to right where it does not', () => {
    expect(inputOf({ name: 'send' }, [{ text: 'a', to: 'x' }, { to: 'y' }], { now: true })).toEqual({
      text: 'a',
      to: 'y',
      now: true,
    });
    expect(inputOf({ name: 'send' }, [[1, 2]], {})).toEqual([1, 2]);
    expect(inputOf({ name: 'send' }, [], { to: 'y' })).toEqual({ to: 'y' });
    expect(() => inputOf({ name: 'send' }, ['text', { to: 'y' }], {})).toThrow(
      'args[0]: expected an object for send, because its fields are merged with the others, got ',
    );
  });
});
