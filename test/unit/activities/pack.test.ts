import { setTimeout as sleep } from 'node:timers/promises';
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/shell/activity.ts';
import { createPack } from '../../../activities/shell/pack.ts';
import { createSampleActivities } from '../../../activities/samples/index.ts';
import { shell } from '../../../activities/shell/shell.ts';
import type { TaskBody } from '../../../activities/shell/task-body.ts';
import { taskSchemas } from '../../../contracts/catalogue.schema.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { PACK_OUTPUT_BYTES, type Pack, type PackOutcomes, type PackReport } from '../../../contracts/tasks/packs.ts';
import { sampleTasks } from '../../../contracts/samples/tasks.ts';
import { quietRuntime } from '../../support/temporal.ts';
import type { TaskIdentity } from '../../../activities/shell/attempt-log.ts';
import { silentLog } from '../../support/silent-log.ts';

// The SDK reports every failed attempt; here failing is what is tested.
beforeAll(quietRuntime);

const ONE = 'samples.addOneTiny';
const task = sampleTasks.addOneTiny;

interface Ran {
  readonly report: PackReport | undefined;
  readonly error: unknown;
  readonly seen: readonly TaskIdentity[];
  readonly beats: readonly PackOutcomes[];
}

/** Runs a pack; the body of the task is the sample's own where none is given. */
async function run(
  items: Pack['items'],
  body?: TaskBody<{ data: number }, number>,
  environment = new MockActivityEnvironment(),
): Promise<Ran> {
  const seen: TaskIdentity[] = [];
  const beats: PackOutcomes[] = [];
  environment.on('heartbeat', (details: PackOutcomes) => beats.push(structuredClone(details)));
  const options = {
    log: (identity: TaskIdentity) => {
      seen.push(identity);
      return silentLog;
    },
  };
  const own = body === undefined ? {} : { [ONE]: shell(task, taskSchemas[ONE], body, options) };
  const activities: Activities = { ...createSampleActivities({}, options), ...own };
  const pack = createPack(activities) as (pack: Pack) => Promise<unknown>; // the environment knows no results
  const settled = await environment.run(pack, { items, tenant: 'acme' }).then(
    (report) => ({ report: report as PackReport, error: undefined }),
    (error: unknown) => ({ report: undefined, error }),
  );
  return { ...settled, seen, beats };
}

const step = (data: unknown, more: object = {}): Pack['items'][number][number] => ({
  id: `call-${String(data)}`,
  task: ONE,
  args: [data],
  ...more,
});
const fails =
  (error: Error): TaskBody<{ data: number }, number> =>
  ({ data }) =>
    data === 2 ? Promise.reject(error) : Promise.resolve(data + 1);

describe('a pack', () => {
  it('PERF-1 gives each call its own outcome, id and attempt; one that fails fails alone', async () => {
    const { report, seen } = await run(
      [[step(1)], [step(2, { attempt: 2 })], [step(3)]],
      fails(new PerennialError('BackendUnavailable', 'away')),
    );
    expect(report?.outcomes).toEqual([
      [{ value: 2 }],
      [{ failure: { type: 'BackendUnavailable', message: 'away' }, retryInMs: 1000 }],
      [{ value: 4 }],
    ]);
    expect(seen.map(({ taskId, attempt }) => [taskId, attempt])).toEqual([
      ['call-1', 1],
      ['call-2', 2],
      ['call-3', 1],
    ]);
    expect(report?.spent[ONE]?.[0]).toBe(3);
  });

  it('RETRY-1 the last attempt and what cannot be mended are not tried again, and say where they failed', async () => {
    // A stack of places alone: messages of causes hold contents and addresses.
    const stack = expect.stringMatching(/^(?: +at .+(?:\n|$))+$/) as string;
    const away = fails(new PerennialError('BackendUnavailable', 'away'));
    expect((await run([[step(2, { attempt: 3 })]], away)).report?.outcomes).toEqual([
      [{ failure: { type: 'BackendUnavailable', message: 'away' }, stack }],
    ]);
    const damaged = fails(new PerennialError('CorruptDocument', 'damaged', { cause: new Error('page 1 of a.pdf') }));
    const { report } = await run([[step(2)]], damaged);
    expect(report?.outcomes).toEqual([[{ failure: { type: 'CorruptDocument', message: 'damaged' }, stack }]]);
    expect(JSON.stringify(report)).not.toContain('a.pdf');
    expect(JSON.stringify(report?.outcomes)).toContain('pack.test.ts');
  });

  it('SEC-1 the schemas of the task hold for each call', async () => {
    const { report } = await run([[step('one')], [step(1, { kwargs: { data: 2 }, args: [1, 2] })]]);
    expect(report?.outcomes).toMatchObject([
      [{ failure: { type: 'InvalidInput', message: expect.stringMatching(/data: .*number/) as string } }],
      [{ failure: { type: 'InvalidInput', message: expect.stringMatching(/at most 1/) as string } }],
    ]);
  });

  it('CANVAS-1 passes results on inside an item, and stops at a failure', async () => {
    const follow = { id: 'next', task: ONE };
    const { report } = await run([
      [step(1), follow, { ...follow, args: [7], immutable: true }],
      [step('x'), follow],
    ]);
    expect(report?.outcomes[0]).toEqual([{ value: 2 }, { value: 3 }, { value: 8 }]);
    expect(report?.outcomes[1]).toHaveLength(1);
  });

  it('CANVAS-3 a body is given the results of its header, and does not begin when one has none', async () => {
    const body = { id: 'body', task: 'samples.sumTiny', joins: [0, 1, 2] };
    const { report } = await run([[step(1)], [step(2)], [step(3)], [body]]);
    expect(report?.outcomes[3]).toEqual([{ value: 9 }]);
    const failed = await run(
      [[step(1)], [step(2)], [step(3)], [body]],
      fails(new PerennialError('BackendUnavailable', 'away')),
    );
    expect(failed.report?.outcomes[3]).toEqual([]);
    expect(failed.report?.spent['samples.sumTiny']).toBeUndefined();
  });

  it('TIME-1 each call has its own time limits', async () => {
    const slow: TaskBody<{ data: number }, number> = async ({ data }, { signal }) => {
      await sleep(data, undefined, { signal });
      return 0;
    };
    const deaf: TaskBody<{ data: number }, number> = async ({ data }) => {
      await sleep(data);
      return 0;
    };
    const soft = await run([[step(5000, { softMs: 30 })], [step(1)]], slow);
    expect(soft.report?.outcomes).toMatchObject([
      [{ failure: { type: 'TimeLimit' }, retryInMs: 1000 }],
      [{ value: 0 }],
    ]);
    const hard = await run([[step(600, { hardMs: 30 })], [step(1)]], deaf);
    expect(hard.report?.outcomes).toMatchObject([
      [{ failure: { type: 'HardTimeLimit' }, retryInMs: 1000 }],
      [{ value: 0 }],
    ]);
  });

  it('BP-1 tells what is done with its heartbeats, and after a kill only the rest runs, as a further attempt', async () => {
    const work: TaskBody<{ data: number }, number> = async ({ data }) => {
      await sleep(60);
      return data + 1;
    };
    const items = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [step(n)]);
    const first = await run(items, work);
    const told = first.beats[0] ?? [];
    const done = told.filter((outcomes) => outcomes.length > 0).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(8);
    const again = await run(items, work, new MockActivityEnvironment({ attempt: 2, heartbeatDetails: told }));
    expect(again.report?.outcomes).toEqual(items.map((_, n) => [{ value: n + 2 }]));
    expect(again.seen.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 8 - done }, () => 2));
  });

  it('hands back what it has not begun when its time or its room is used up', async () => {
    const big = await run(
      [[{ id: 'a', task: 'samples.upperCase', args: ['x'.repeat(60_000)] }]].concat(
        Array.from({ length: 4 }, (_, n) => [{ id: String(n), task: 'samples.upperCase', args: ['x'.repeat(60_000)] }]),
      ),
    );
    const done = big.report?.outcomes.filter((outcomes) => outcomes.length > 0).length ?? 0;
    expect(done).toBe(Math.ceil(PACK_OUTPUT_BYTES / 60_002));
    const slow = await run([[step(1)], [step(2)]], async () => {
      await sleep(1600);
      return 0;
    });
    expect(slow.report?.outcomes).toEqual([[{ value: 0 }], []]);
  });

  it('MON-5 one that is called back stops the call that listens, begins no other, and hands both back', async () => {
    const environment = new MockActivityEnvironment();
    const began: number[] = [];
    const ran = run(
      [[step(0)], [step(1), { id: 'next', task: ONE }], [step(2)]],
      async ({ data }, { signal }) => {
        began.push(data);
        if (data === 1) await sleep(10_000, undefined, { signal });
        return data + 1;
      },
      environment,
    );
    await sleep(50);
    environment.cancel('CANCELLED');
    const { report } = await ran;
    expect(report?.outcomes).toEqual([[{ value: 1 }], [], []]);
    expect(began).toEqual([0, 1]);
    // One that has not ended says nothing of how long such calls take.
    expect(report?.spent[ONE]?.[0]).toBe(1);
  });

  it('one that is called back ends after a call that does not listen', async () => {
    const environment = new MockActivityEnvironment();
    const ran = run(
      [[step(1)], [step(2)]],
      async ({ data }) => {
        await sleep(100);
        return data + 1;
      },
      environment,
    );
    await sleep(50);
    environment.cancel('CANCELLED');
    expect((await ran).report?.outcomes).toEqual([[{ value: 2 }], []]);
  });

  it('tells the server that it lives while nothing changes: only so it hears that it is called back', async () => {
    const { beats } = await run([[step(1)]], async () => {
      await sleep(1500);
      return 0;
    });
    expect(beats[0]).toEqual([[]]);
  });

  it.each(['NOT_FOUND', 'TIMED_OUT', 'RESET', 'PAUSED'] as const)(
    'one that ends as %s has no report: nobody waits for it',
    async (reason) => {
      const environment = new MockActivityEnvironment();
      const details = { notFound: 'NOT_FOUND', timedOut: 'TIMED_OUT', reset: 'RESET', paused: 'PAUSED' } as const;
      const told = Object.fromEntries(Object.entries(details).map(([name, one]) => [name, one === reason]));
      const ran = run(
        [[step(1)], [step(2)]],
        async (_input, { signal }) => {
          await sleep(10_000, undefined, { signal });
          return 0;
        },
        environment,
      );
      await sleep(20);
      environment.cancel(reason, new ActivityCancellationDetails(told));
      expect((await ran).error).toBeInstanceOf(CancelledFailure);
    },
  );

  it('a task that the worker does not serve is a failure of its own', async () => {
    const { report } = await run([[{ id: 'x', task: 'no.such' }], [step(1)]]);
    expect(report?.outcomes).toMatchObject([[{ failure: { type: 'UnknownTask' } }], [{ value: 2 }]]);
  });

  it('failures without a delay of their own wait as long as the retry policy of a single call says', async () => {
    const bare: Activities = { [ONE]: () => Promise.reject(ApplicationFailure.create({ message: 'bare' })) };
    const report = await new MockActivityEnvironment().run(createPack(bare), { items: [[step(1, { attempt: 2 })]] });
    expect((report as PackReport).outcomes).toEqual([
      [{ failure: { type: 'Unexpected', message: 'bare' }, retryInMs: 2000 }],
    ]);
  });
});
