/** What a call is refused for, before anything is started. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import { prepareCall, type PreparedCall } from '../../../client/tasks/prepare-call.ts';
import { taskQuery } from '../../../client/tasks/revoke.ts';
import type { CallOptions, PerennialClient, TaskHandle } from '../../../client/index.ts';
import { limitsOfCall } from '../../../contracts/limits/vocabulary.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const call = (name: string, input: unknown, options: CallOptions = {}): PreparedCall =>
  prepareCall(name, input, options, { priorityLevels: 5, sealKeys: undefined, now: () => NOW });
const add = (options: object): PreparedCall => call('samples.add', { a: 1, b: 2 }, options);

describe('SEC-1 arguments', () => {
  it.each([
    [{ a: 'x', b: 2 }, /input\.a: expected number, got "x"/],
    [{ a: 1 }, /input\.b: expected number, got nothing/],
    [[1, 2], /input: expected object, got an array of 2/],
    [null, /input: expected object, got null/],
    ['text', /input: expected object/],
  ])('of the wrong type are refused with path, expected and got: %j', (input, message) => {
    expect(() => call('samples.add', input)).toThrow(message);
  });

  const cyclic: Record<string, unknown> = { a: 1, b: 2 };
  cyclic['self'] = cyclic;
  const deep = (levels: number): unknown => {
    let value: unknown = 1;
    for (let n = 0; n < levels; n += 1) value = [value];
    return value;
  };
  it.each<readonly [what: string, input: unknown, message: RegExp]>([
    ['a function', { a: () => 1, b: 2 }, /input\.a: expected a JSON value, got a function/],
    ['a BigInt', { a: 1n, b: 2 }, /input\.a: expected a JSON value, got the BigInt 1/],
    ['NaN', { a: Number.NaN, b: 2 }, /input\.a: expected a finite number/],
    ['a Map', { a: new Map(), b: 2 }, /input\.a: expected a JSON value, got a Map/],
    ['a Date', { a: new Date(), b: 2 }, /input\.a: expected a JSON value, got a Date/],
    ['a cycle', cyclic, /input\.self: expected JSON without cycles/],
    ['10,000 levels', { a: deep(10_000), b: 1 }, /at most 500 levels/],
    ['2 million values', { a: Array.from({ length: 2_000_000 }, () => 1), b: 1 }, /at most 1000000 entries/],
  ])('CFG-8 that JSON cannot carry are refused: %s', (_what, input, message) => {
    expect(() => call('samples.add', input)).toThrow(message);
  });

  it('of 100 MB are refused with the limit and the way out', () => {
    const input = { data: 'x'.repeat(100_000_000) };
    expect(() => call('samples.upperCase', input)).toThrow(/at most 1000000 bytes as JSON, got 100000011.*blob/);
  });
});

describe('names', () => {
  it('unknown tasks and queues are refused', () => {
    expect(() => call('samples.nothing', {})).toThrow(/UnknownTask|expected the name of a task/);
    expect(() => call('__proto__', {})).toThrow(/expected the name of a task/);
    expect(() => add({ queue: 'documents.nowhere' })).toThrow(/queue: expected one of .*documents\.default/);
    // Known, but nobody serves it: the call would wait for ever.
    expect(() => add({ queue: 'cases.cleanup' })).toThrow(/queue: expected one of/);
  });

  it("a source's own name is the same task", () => {
    expect(call('celery_app.workflows.canvas.add_numbers', { a: 1, b: 2 }).task.name).toBe('samples.add');
  });
});

describe('times', () => {
  it('countdown, eta and expires are seconds or moments', () => {
    expect(add({ countdown: 1.5 }).start.startDelay).toBe(1500);
    expect(add({ eta: new Date(NOW + 2_000) }).start.startDelay).toBe(2000);
    expect(add({ eta: '2026-01-01T01:00:01+01:00' }).start.startDelay).toBe(1000);
    expect(add({}).start.startDelay).toBeUndefined();
    expect(add({ expires: 60 }).start.args?.[2]).toMatchObject({ expiresAt: '2026-01-01T00:01:00.000Z' });
  });

  it.each([
    [{ countdown: -1 }, /options\.countdown: expected at least 0/],
    [{ countdown: Number.POSITIVE_INFINITY }, /options\.countdown/],
    [{ eta: new Date(NOW - 1) }, /options\.eta: expected a time from 2026-01-01T00:00:00\.000Z on, got 2025/],
    [{ eta: 'tomorrow' }, /options\.eta/],
    [{ eta: new Date(Number.NaN) }, /options\.eta/],
    [{ eta: new Date(NOW + 1), countdown: 1 }, /no eta beside a countdown/],
    [{ expires: 0 }, /options\.expires/],
    [{ expires: -5 }, /options\.expires/],
    [{ expires: new Date(NOW - 1) }, /options\.expires: expected a time after the start/],
    [{ expires: 10, countdown: 20 }, /options\.expires: expected a time after the start/],
    [{ softTimeLimit: 0 }, /options\.softTimeLimit/],
    [{ softTimeLimit: 10, hardTimeLimit: 5 }, /options\.softTimeLimit: expected less than the hard limit of 5 s/],
    [{ softTimeLimit: 6000 }, /less than the hard limit of 600 s/],
    [{ priority: 0 }, /options\.priority/],
    [{ priority: 11 }, /options\.priority/],
    [{ priority: 1.5 }, /options\.priority/],
    [{ tenant: "a' or 1=1" }, /options\.tenant/],
    [{ tenant: 'x'.repeat(65) }, /options\.tenant/],
    [{ tags: ['a b'] }, /options\.tags\[0\]/],
    [{ tags: ['perennial.system'] }, /options\.tags\[0\]: expected another tag than perennial\.system/],
    [{ limits: [{ key: 'k' }] }, /rate or a concurrency/],
    [{ limits: [{ key: 'k', concurrency: 0 }] }, /options\.limits\[0\]\.concurrency/],
    [{ headers: { a: () => 1 } }, /options\.headers/],
    [{ queue: 'documents.default', region: 'asia' }, /no queue beside a region/],
    [{ id: 'a', idempotencyKey: 'b' }, /no id beside an idempotency key/],
    [{ retries: 3 }, /options\.retries: expected no such field/],
  ])('%j is refused', (options, message) => {
    expect(() => add(options)).toThrow(message);
  });
});

describe('what is started', () => {
  it('TIME-1 carries only what differs from the row of the task', () => {
    const { start, id } = add({});
    expect(start).toMatchObject({
      workflowId: id,
      taskQueue: 'perennial.workflows',
      args: ['samples.add', { a: 1, b: 2 }, {}],
      priority: { priorityKey: 3 },
      workflowIdConflictPolicy: 'FAIL',
    });
  });

  it('maps everything else', () => {
    const { start } = add({
      idempotencyKey: 'k1',
      priority: 10,
      queue: 'documents.critical',
      tenant: 'acme',
      softTimeLimit: 2,
      hardTimeLimit: 3,
      ignoreResult: true,
      headers: { a: [1] },
      limits: [
        { key: 'b', concurrency: 2 },
        { key: 'a', rate: { count: 1, perMs: 1000 } },
      ],
    });
    expect(start).toMatchObject({
      workflowId: 'samples.add:k1',
      priority: { priorityKey: 1, fairnessKey: 'acme' },
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
    expect(start.args?.[2]).toEqual({
      queue: 'documents.critical',
      softMs: 2000,
      hardMs: 3000,
      ignoreResult: true,
      headers: { a: [1] },
      tenant: 'acme',
      // Sorted by key, so that nobody waits in a circle.
      limits: [
        { key: 'a', rate: { count: 1, perMs: 1000 } },
        { key: 'b', concurrency: 2 },
      ],
    });
  });

  it('PRIO-3 the priority of the call wins over that of the task, and that over the queue', () => {
    expect(call('operations.userNotification', { user_id: 'u', message: 'm' }).priority).toBe(8);
    expect(call('operations.userNotification', { user_id: 'u', message: 'm' }, { priority: 2 }).priority).toBe(2);
    expect(call('samples.add', { a: 1, b: 1 }).priority).toBe(5);
  });

  it('GEO-3 data that must stay go to the queue of their region by themselves', () => {
    const { queue, region } = call('operations.processEuData', { data: {} });
    expect(queue).toBe('documents.default@eu-west');
    expect(region).toEqual({ region: 'eu-west', fallback: false });
  });
});

describe('CANVAS-10 links', () => {
  const sum = { task: 'samples.double', args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };

  it('a call with links is a canvas of one call, with the same options', () => {
    const { workflow, start } = add({ link: sum, linkError: [sum], queue: 'documents.critical', softTimeLimit: 5 });
    expect(workflow).toBe('runCanvas');
    expect(start.args).toEqual([
      {
        canvas: {
          task: 'samples.add',
          args: [],
          kwargs: { a: 1, b: 2 },
          options: {
            task_id: start.workflowId,
            link: [sum],
            link_error: [sum],
            queue: 'documents.critical',
            soft_time_limit: 5,
          },
          subtask_type: null,
          immutable: false,
        },
      },
    ]);
  });

  it('limits by key hold beside links too', () => {
    const limits = [{ key: 'k', concurrency: 1 }];
    expect(add({ link: sum, limits }).start.args).toMatchObject([{ canvas: { options: { limits } } }]);
  });

  it.each([
    [{ link: { task: 'no.such' } }, /the name of a task of the catalogue/],
    [{ link: 'samples.add' }, /a signature/],
    [{ linkError: [{ task: 'samples.add', options: { queue: 'nowhere' } }] }, /a queue that is served/],
    [{ linkError: { task: 'samples.add', options: { compensate: sum } } }, /none inside of an error callback/],
  ])('%j is refused', (options, message) => {
    expect(() => add(options)).toThrow(message);
  });
});

describe('keys of limits', () => {
  const limit = (by: 'task' | 'tenant' | { field: string }) => ({ by, concurrency: 1, reason: 'test' });
  it.each([
    ['task', undefined, ['task:x.y']],
    ['tenant', 'acme', ['task:x.y/tenant:acme']],
    ['tenant', undefined, []],
  ] as const)('by %s for tenant %s', (by, tenant, keys) => {
    const limits = limitsOfCall({ name: 'x.y', keyedLimits: [limit(by)] }, {}, tenant);
    expect(limits.map(({ key }) => key)).toEqual(keys);
  });

  it('by a field of the input', () => {
    const task = { name: 'x.y', keyedLimits: [limit({ field: 'phone' })] };
    expect(limitsOfCall(task, { phone: '+41' }, undefined).map(({ key }) => key)).toEqual(['task:x.y/phone:+41']);
    expect(limitsOfCall(task, { phone: { a: 1 } }, undefined)).toEqual([]);
    expect(limitsOfCall(task, null, undefined)).toEqual([]);
  });
});

describe('types follow the catalogue', () => {
  it('a wrong input does not compile', () => {
    type Add = ReturnType<PerennialClient['task']>;
    expectTypeOf<Add>().toHaveProperty('call');
    const typed = (client: PerennialClient): Promise<TaskHandle<number>> =>
      client.task('samples.add').call({ a: 1, b: 2 });
    expectTypeOf(typed).returns.resolves.toEqualTypeOf<TaskHandle<number>>();
    const wrong = (client: PerennialClient): unknown => [
      // @ts-expect-error a is a number
      client.task('samples.add').call({ a: '1', b: 2 }),
      // @ts-expect-error there is no such task
      client.task('samples.none'),
    ];
    expect(wrong).toBeTypeOf('function');
  });
});

describe('queries', () => {
  it('are made of checked words only', () => {
    expect(taskQuery({ task: 'a.b', tenant: 't', tag: 'x', root: 'r' }, { onlyRunning: true, system: false })).toBe(
      "ExecutionStatus = 'Running' AND TaskName = 'a.b' AND Tenant = 't' AND Tags = 'x' AND RootId = 'r'",
    );
    expect(taskQuery({}, { onlyRunning: false, system: true })).toBe('TaskName IS NOT NULL');
  });

  it('leave out runs of the system, unless they are named', () => {
    const others = "(Tags IS NULL OR Tags != 'perennial.system')";
    expect(taskQuery({}, { onlyRunning: false, system: false })).toBe(`TaskName IS NOT NULL AND ${others}`);
    expect(taskQuery({ tenant: 't' }, { onlyRunning: true, system: false })).toContain(others);
    for (const filter of [{ task: 'a.b' }, { tag: 'x' }])
      expect(taskQuery(filter, { onlyRunning: false, system: false })).not.toContain(others);
  });
});
