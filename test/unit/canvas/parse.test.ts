import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCall, parseSignature } from '../../../canvas/signature/parse.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { PerennialError } from '../../../contracts/failures.ts';

const call = (parts: object = {}): Record<string, unknown> => ({
  task: 'add',
  args: [],
  kwargs: {},
  options: {},
  subtask_type: null,
  immutable: false,
  ...parts,
});
const chainOf = (tasks: unknown): Record<string, unknown> =>
  call({ task: 'celery.chain', kwargs: { tasks }, subtask_type: 'chain' });

function faultOf(value: unknown, policy: Parameters<typeof parseSignature>[1] = {}): string {
  try {
    parseSignature(value, policy);
  } catch (error) {
    expect(error).toBeInstanceOf(PerennialError);
    expect((error as PerennialError).type).toBe('InvalidInput');
    return (error as Error).message;
  }
  return 'no fault';
}

describe('canvases of unknown origin', () => {
  it('recorded ones come out as they went in', () => {
    const file = readFileSync(new URL('../../conformance/cases.json', import.meta.url), 'utf8');
    const { cases } = JSON.parse(file) as { cases: readonly { id: string; canvas: unknown }[] };
    expect(cases.length).toBeGreaterThan(100);
    for (const { id, canvas } of cases) {
      if (id === 'data-bigint') continue;
      const text = JSON.stringify(canvas);
      expect(JSON.stringify(parseSignature(JSON.parse(text), { timing: 'lenient' }))).toBe(text);
    }
  });

  it.each([
    [{ args: ['\ud800'] }, 'canvas.args[0]', '"\\ud800"'],
    [{ kwargs: { a: ['b', 'c\udfff'] } }, 'canvas.kwargs.a[1]', '"c\\udfff"'],
    [{ kwargs: { '\ud800': 1 } }, 'canvas.kwargs["\\ud800"]', '"\\ud800"'],
    [{ options: { queue: '\ud800' } }, 'canvas.options.queue', '"\\ud800"'],
  ])('refuse a half of a pair of code units, naming the path: %j', (fields, path, got) => {
    expect(faultOf(call(fields))).toBe(`${path}: expected text without lone surrogates, got ${got}`);
    expect(faultOf(call({ args: ['\ud83d\ude00'] }))).toBe('no fault');
  });

  it('name the path of the fault, what was expected and what came', () => {
    expect(faultOf(null)).toBe('canvas: expected a signature, as Celery writes it, got null');
    expect(faultOf(call({ task: '' }))).toBe(
      'canvas.task: expected the name of a task, at most 255 characters, got ""',
    );
    expect(faultOf(chainOf([call(), call({ args: 'x' })]))).toBe(
      'canvas.kwargs.tasks[1].args: expected a list, got "x"',
    );
    expect(faultOf(call({ arg: [] }))).toContain('canvas.arg: expected no such field');
    expect(faultOf(call({ options: { countdown: -1 } }))).toBe(
      'canvas.options.countdown: expected seconds, at least 0, got -1',
    );
    expect(faultOf(call({ options: { eta: '2020-01-01T00:00:00Z' } }), { nowMs: Date.now() })).toContain(
      'canvas.options.eta: expected a time that has not passed',
    );
    expect(faultOf(call({ options: { eta: 'soon' } }))).toContain(
      'expected a time as ISO 8601 such as 2026-01-31T12:00:00Z (without an offset it is UTC), got "soon"',
    );
    for (const limits of [
      'x',
      [{}],
      [{ key: 'k' }],
      [{ key: 'k', concurrency: 0.5 }],
      [{ key: 'k', rate: { count: 0 } }],
    ])
      expect(faultOf(call({ options: { limits } }))).toContain('canvas.options.limits: expected up to 5 limits');
    const limits = [{ key: 'k', rate: { count: 1, perMs: 1000 }, concurrency: 2 }];
    expect(faultOf(call({ options: { limits } }))).toBe('no fault');
    expect(faultOf(call({ options: { link: [call({ task: 7 })] } }))).toContain('canvas.options.link[0].task');
    expect(faultOf(call({ task: 'celery.chord', kwargs: { header: [] }, subtask_type: 'chord' }))).toContain(
      'canvas.kwargs.body: expected a signature',
    );
    expect(faultOf(call({ task: 'celery.chunks', kwargs: { task: call(), it: [[1]], n: 0 } }))).toContain(
      'canvas.kwargs.n: expected a whole number of at least 1, got 0',
    );
    expect(faultOf(call({ task: 'celery.starmap', kwargs: { task: call(), it: [1] } }))).toContain(
      'canvas.kwargs.it[0]: expected a list of arguments, got 1',
    );
  });

  it('unknown tasks and queues are refused before anything starts', () => {
    const policy = { knowsTask: (name: string) => name === 'add', knowsQueue: (name: string) => name === 'q' };
    expect(faultOf(chainOf([call(), call({ task: 'ad' })]), policy)).toBe(
      'canvas.kwargs.tasks[1].task: expected the name of a task of the catalogue, got "ad"',
    );
    expect(faultOf(call({ options: { queue: 'p' } }), policy)).toContain('canvas.options.queue: expected a queue');
    expect(faultOf(call({ options: { link_error: call({ task: 'ad' }) } }), policy)).toContain('link_error.task');
    expect(faultOf(call({ options: { queue: 'q' } }), policy)).toBe('no fault');
  });

  it('what JSON cannot say is refused, not changed', () => {
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      10n,
      undefined,
      new Date(),
      new Map(),
      () => 1,
      Symbol('x'),
    ])
      expect(faultOf(call({ args: [value] }))).toMatch(
        /^canvas\.args\[0\]: expected a (finite number|JSON value), got /,
      );
    expect(faultOf(call({ args: [2 ** 53] }))).toContain('expected an integer within ±(2^53 − 1)');
    expect(faultOf(call({ args: [1e-300, 0.1, 2 ** 53 - 1] }))).toBe('no fault');
  });

  it('cycles, depth and size are found without harm', () => {
    const cyclic = chainOf([call()]);
    (cyclic['kwargs'] as { tasks: unknown[] }).tasks.push(cyclic);
    expect(faultOf(cyclic)).toBe(
      'canvas.kwargs.tasks[1]: expected JSON without cycles, got a reference to an enclosing value',
    );

    let deep: unknown = call();
    for (let level = 0; level < 10_000; level += 1) deep = chainOf([deep]);
    expect(faultOf(deep)).toContain('expected at most 1000 levels, got more');

    expect(faultOf(chainOf(new Array(10_000_000)))).toBe(
      'canvas.kwargs.tasks: expected at most 100000 entries, got 10000000',
    );
    expect(faultOf(call({ args: ['x'.repeat(100_000_000)] }))).toContain(
      'expected a canvas of at most 40000000 characters',
    );
    let wide: unknown[] = [1];
    for (let level = 0; level < 40; level += 1) wide = [wide, wide];
    expect(faultOf(call({ args: [wide] }))).toMatch(/expected (at most 3000000 values|a canvas of at most)/);
  });

  it('stored canvases whose time has passed run at once where that is asked for', () => {
    const stored = call({ options: { eta: '2020-01-01T00:00:00Z', countdown: -1 } });
    expect(faultOf(stored, { timing: 'lenient', nowMs: Date.now() })).toBe('no fault');
  });

  it('the same object in two places is no cycle', () => {
    const shared = call();
    expect(faultOf(chainOf([shared, shared]))).toBe('no fault');
  });
});

describe('options of a call that starts a canvas', () => {
  const one: Signature = { task: 'add' };
  const two: Signature = { task: 'celery.group', kwargs: { tasks: [one, one] }, subtask_type: 'group' };
  const policy = { knowsTask: (name: string) => name === 'add', knowsQueue: (name: string) => name === 'q' };

  it.each([
    [one, { countdown: -1 }, 'options.countdown: expected seconds, at least 0, got -1'],
    [one, { queue: 'p' }, 'options.queue: expected a queue that is served, got "p"'],
    [one, { limits: [{}] }, 'options.limits: expected up to 5 limits'],
    [one, { link: [one, { task: 'ad' }] }, 'options.link[1].task: expected the name of a task of the catalogue'],
    [one, { args: [Number.NaN] }, 'options.args[0]: expected a finite number'],
    [one, { join: { policy: 'collect' } }, 'options.join: expected no join policy here'],
    [two, { join: { policy: 'quorum', count: 3 } }, 'options.join.count: expected at most the number of members, 2'],
    [two, { compensate: one }, 'options.compensate: expected no compensation here'],
    [one, { compensate: { task: 'ad' } }, 'options.compensate.task: expected the name of a task of the catalogue'],
    [one, 'soon', 'options: expected an object, got "soon"'],
  ])('CANVAS-10 %j with %j is refused by the rules of the canvas', (canvas, options, message) => {
    expect(() => parseCall(canvas, { options }, policy)).toThrow(message);
  });

  it('those of the rules are taken', () => {
    const options = { countdown: 1, queue: 'q', join: { policy: 'quorum', count: 2 }, link: null, own: 7 };
    expect(() => parseCall(two, { options }, policy)).not.toThrow();
    expect(() => parseCall(two, {}, policy)).not.toThrow();
  });
});
