/** What the shell tells a breaker, and what it does when the breaker says nothing. The store is scripted. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createPack } from '../../../activities/shell/pack.ts';
import { shell } from '../../../activities/shell/shell.ts';
import type { TaskBody } from '../../../activities/shell/task-body.ts';
import { withAttempt } from '../../../activities/shell/attempt.ts';
import type { BreakerRule } from '../../../contracts/breakers/vocabulary.ts';
import { type FailureType, PerennialError } from '../../../contracts/failures.ts';
import { sampleTasks } from '../../../contracts/samples/tasks.ts';
import type { Pack } from '../../../contracts/tasks/packs.ts';
import type { BreakerAnswer, BreakerStore } from '../../../services/breakers/port.ts';
import { silentLog } from '../../support/silent-log.ts';
import { quietRuntime } from '../../support/temporal.ts';

beforeAll(quietRuntime);

const WAIT: BreakerAnswer = { kind: 'wait', waitMs: 700, reason: 'BackendUnavailable' };
const PROBE: BreakerAnswer = { kind: 'probe', probe: 'p' };
const task = sampleTasks.addOneTiny;

/** Breakers that answer the same to everybody, and note what they are told. */
function scripted(answer: BreakerAnswer | (() => Promise<BreakerAnswer>) = { kind: 'go' }) {
  const told: unknown[] = [];
  const note = (...what: unknown[]): Promise<void> => {
    told.push(what);
    return Promise.resolve();
  };
  const store: BreakerStore = {
    ask: () => (typeof answer === 'function' ? answer() : Promise.resolve(answer)),
    renew: (...args) => note('renew', ...args),
    succeeded: (...args) => note('succeeded', ...args),
    failed: ({ type, throttledMs, probe, opensAfter, forMs }) =>
      note('failed', type, throttledMs, probe, opensAfter, forMs),
    undecided: (...args) => note('undecided', ...args),
  };
  return { store, told };
}

function activityOf(store: BreakerStore, body: TaskBody<{ data: number }, number>, rule: BreakerRule = { key: 'x' }) {
  const lines: string[] = [];
  const bodyLog = { ...silentLog.body, warn: (message: string) => lines.push(message) };
  const schemas = { input: z.object({ data: z.number() }), output: z.number() };
  const options = { log: () => ({ ...silentLog, body: bodyLog }), breakers: { store, names: { smtp: 'smtp:host' } } };
  const activity = shell({ ...task, batchable: true, breaker: rule }, schemas, body, options);
  const run = (environment = new MockActivityEnvironment()): Promise<unknown> => environment.run(activity, { data: 1 });
  return { activity, run, lines };
}

const fails =
  (type: FailureType, retryAfterMs?: number): TaskBody<{ data: number }, number> =>
  () =>
    Promise.reject(new PerennialError(type, 'no', retryAfterMs === undefined ? {} : { retryAfterMs }));

describe('RETRY-6 a call that must wait', () => {
  it('is not made, and says how long it waits and how many attempts were made before', async () => {
    let made = 0;
    const { run } = activityOf(scripted(WAIT).store, () => Promise.resolve((made += 1)));
    const error = await run(new MockActivityEnvironment({ attempt: 3, heartbeatDetails: 'page 7' })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      type: 'ProviderPaused',
      nonRetryable: true,
      details: [{ key: 'x', waitMs: 700, attemptsBefore: 2, lastHeartbeat: 'page 7' }],
    });
    expect(made).toBe(0);
  });

  it('fails at once without a server, where nothing could wait', async () => {
    const { activity } = activityOf(scripted(WAIT).store, () => Promise.resolve(1));
    const inline = {
      inline: true as const,
      attempt: 1,
      taskId: 't',
      workflowId: 't',
      queue: 'inline',
      lastHeartbeat: undefined,
      signal: new AbortController().signal,
      heartbeat: () => undefined,
      log: () => silentLog,
    };
    await expect(withAttempt(inline, () => activity({ data: 1 }))).rejects.toBeInstanceOf(PerennialError);
    await expect(withAttempt(inline, () => activity({ data: 1 }))).rejects.toMatchObject({ type: 'ProviderPaused' });
  });

  it('in a pack does not hold up the others, and uses no attempt', async () => {
    let asked = 0;
    const answers = (): Promise<BreakerAnswer> => Promise.resolve((asked += 1) === 1 ? WAIT : { kind: 'go' });
    const { activity } = activityOf(scripted(answers).store, ({ data }) => Promise.resolve(data + 1));
    const pack = createPack({ [task.name]: activity }) as (pack: Pack) => Promise<unknown>; // the environment knows no results
    const items = [1, 2].map((data) => [{ id: `c${data}`, task: task.name, args: [data], attempt: 2 }]);
    expect(await new MockActivityEnvironment().run(pack, { items })).toMatchObject({
      outcomes: [[{ failure: { type: 'ProviderPaused' }, retryInMs: 700, parked: true }], [{ value: 3 }]],
    });
  });
});

describe('what counts against a provider', () => {
  const told = async (body: TaskBody<{ data: number }, number>, answer?: BreakerAnswer, rule?: BreakerRule) => {
    const breakers = scripted(answer);
    await activityOf(breakers.store, body, rule)
      .run()
      .catch(() => undefined);
    return breakers.told;
  };

  it('is what may pass, with the figures of the row', async () => {
    expect(await told(fails('BackendUnavailable'))).toEqual([
      ['failed', 'BackendUnavailable', undefined, undefined, 5, 300_000],
    ]);
    const rule = { key: 'x', opensAfter: 2, forMs: 1_000 };
    expect(await told(fails('TimeLimit'), undefined, rule)).toEqual([
      ['failed', 'TimeLimit', undefined, undefined, 2, 1_000],
    ]);
  });

  it('is a wish to wait, which is told with its time', async () => {
    expect(await told(fails('BackendThrottled', 90_000))).toEqual([
      ['failed', 'BackendThrottled', 90_000, undefined, 5, 300_000],
    ]);
  });

  it.each(['InvalidInput', 'BackendRejected', 'DatabaseUnavailable', 'StorageFull'] as const)(
    'is not %s; a probe that ends with it leaves the next one to probe',
    async (type) => {
      expect(await told(fails(type))).toEqual([]);
      expect(await told(fails(type), PROBE)).toEqual([['undecided', 'x', 'p']]);
    },
  );

  it('is only what the row names, where it names some', async () => {
    const rule = { key: 'smtp', counts: ['EmailServerUnavailable'] };
    expect(await told(fails('EmailGreylisted'), undefined, rule)).toEqual([]);
    expect(await told(fails('EmailServerUnavailable'), undefined, rule)).toHaveLength(1);
  });

  it('is no cancellation', async () => {
    const breakers = scripted(PROBE);
    const environment = new MockActivityEnvironment();
    const { run } = activityOf(breakers.store, (_input, { signal }) => {
      environment.cancel('CANCELLED');
      return Promise.reject(signal.reason as Error);
    });
    await expect(run(environment)).rejects.toBeInstanceOf(CancelledFailure);
    expect(breakers.told).toEqual([['undecided', 'x', 'p']]);
  });

  it('is told of a success with the mark of the probe', async () => {
    expect(await told(() => Promise.resolve(1), PROBE)).toEqual([['succeeded', 'x', 'p']]);
    expect(await told(() => Promise.resolve(1), undefined, { key: 'smtp' })).toEqual([
      ['succeeded', 'smtp:host', undefined],
    ]);
  });

  it('a task whose input has no provider asks nobody', async () => {
    const none = { key: () => undefined };
    const broken = {
      key: () => {
        throw new TypeError('not checked yet');
      },
    };
    for (const rule of [none, broken]) expect(await told(fails('BackendUnavailable'), WAIT, rule)).toEqual([]);
  });
});

describe('a breaker that cannot be asked', () => {
  it('lets the call pass with a line in the log, and is left alone for a while', async () => {
    let asked = 0;
    const away = (): Promise<BreakerAnswer> => {
      asked += 1;
      return Promise.reject(new PerennialError('DatabaseUnavailable', 'PostgreSQL is away'));
    };
    const { run, lines } = activityOf(scripted(away).store, () => Promise.resolve(5));
    expect(await run()).toBe(5);
    expect(await run()).toBe(5);
    expect(asked).toBe(1);
    expect(lines[0]).toMatch(/was not asked \(PostgreSQL is away\), so the call is made/);
  });

  it('is waited for for two seconds at most', async () => {
    const never = (): Promise<BreakerAnswer> => new Promise(() => undefined);
    const { run } = activityOf(scripted(never).store, () => Promise.resolve(5));
    const startedAt = performance.now();
    expect(await run()).toBe(5);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('does not change how the call fails', async () => {
    const { store } = scripted();
    const mute = { ...store, failed: () => Promise.reject(new Error('away')) };
    await expect(activityOf(mute, fails('BackendUnavailable')).run()).rejects.toBeInstanceOf(ApplicationFailure);
  });
});
