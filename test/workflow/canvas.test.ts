import { readFileSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPerennial } from '../../client/index.ts';
import { type Observation, observeAll } from '../../conformance/cases.ts';
import { startRunner } from '../../conformance/temporal.ts';
import { PACK_ACTIVITY } from '../../contracts/tasks/packs.ts';
import { type RanCanvas, runCanvasScenario } from '../support/canvas/run.ts';
import { judge, type RecordedCase } from '../support/canvas/score.ts';
import { canvasScenarios as scenarios } from '../support/scenarios/canvas.ts';
import { scriptCanvas } from '../support/scripted/canvas.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

const run = (name: keyof typeof scenarios): Promise<RanCanvas> => runCanvasScenario(temporal, name, scenarios[name]);

const FIRST = 'documents.readDocument';
const SECOND = 'documents.saveDocuments';

describe('runCanvas', () => {
  it('CANVAS-1 passes results on; own fields win over those of the result before', async () => {
    const { value, world } = await run('run-canvas.chain');
    expect(value).toEqual({ n: 1, m: 2, by: SECOND });
    expect(world.calls.map(({ task }) => task)).toEqual([FIRST, SECOND]);
  });

  it('CANVAS-2 gives the results of a group in order', async () => {
    const { value } = await run('run-canvas.group');
    expect(value).toEqual([1, 2, 3].map((n) => ({ n, by: n === 3 ? SECOND : FIRST })));
  });

  it('CANVAS-3 gives the body of a chord the list, after all members', async () => {
    const { value, world } = await run('run-canvas.chord');
    expect(value).toEqual({ list: [1, 2].map((n) => ({ n, by: FIRST })), by: SECOND });
    expect(world.calls.at(-1)?.task).toBe(SECOND);
  });

  it('upgrades a group inside a chain, and nests', async () => {
    const { value, world } = await run('run-canvas.nested');
    expect(value).toEqual({ n: 6, by: FIRST });
    const order = world.calls.map(({ input }) => (input as { n: number }).n);
    expect([order[0], ...order.slice(-2)]).toEqual([1, 9, 6]);
    expect([...order].sort()).toEqual([1, 2, 3, 4, 5, 6, 9]);
  });

  it('CANVAS-5 CANVAS-7 maps and chunks', async () => {
    expect((await run('run-canvas.map')).value).toEqual([1, 2].map((n) => ({ n, by: FIRST })));
    const { value } = await run('run-canvas.chunks');
    expect(value).toEqual([[1, 2].map((n) => ({ n, by: FIRST })), [{ n: 3, by: FIRST }]]);
  });

  it('PERF-1 CANVAS-3 tiny calls share activities; one that fails is tried again alone, chains pass results on', async () => {
    const { value, world, handle } = await run('run-canvas.packed');
    expect(value).toEqual({ n: 9, by: SECOND });
    const made = world.calls.map(({ task, input }) => `${task} ${String((input as { n: number }).n)}`);
    expect(made.toSorted()).toEqual(
      [1, 2, 3, 4, 5, 5, 6, 7, 9]
        .map((n) => `samples.addOneTiny ${n}`)
        .concat([`${FIRST} 10`, `${FIRST} 8`, `${SECOND} 9`])
        .toSorted(),
    );
    const { events } = await handle.fetchHistory();
    const scheduled = (events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes: event }) => event?.activityType?.name ?? [],
    );
    expect(scheduled.filter((name) => name === 'perennial.pack').length).toBe(2);
    expect(scheduled.length).toBe(6);
  });

  it('CANVAS-2 a member of a pack that fails for good is the failure of the group, and no one else is called again', async () => {
    const { error, world } = await run('run-canvas.packed-failed');
    expect(error).toMatchObject({ type: 'CorruptDocument' });
    expect(world.calls.map(({ input }) => (input as { n: number }).n).toSorted()).toEqual([1, 2, 3, 5]);
  });

  it('a cancelled run stops its packs', async () => {
    const { error, world } = await run('run-canvas.packed-cancelled');
    expect(error).toBeInstanceOf(CancelledFailure);
    expect(world.calls.map(({ input }) => (input as { n: number }).n)).toEqual([1, 2]);
  });

  it('PERF-1 sends few packs while nobody knows how long the calls take', async () => {
    const { value, handle } = await run('run-canvas.first-packs');
    expect(value).toHaveLength(120);
    const { events } = await handle.fetchHistory();
    const types = (events ?? []).flatMap(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
    expect(types).toEqual(Array<string>(4).fill(PACK_ACTIVITY));
  });

  it('MON-5 what is revoked in a pack under way is not made; the others are, also one that was interrupted', async () => {
    const { error, world } = await run('run-canvas.packed-recalled');
    expect(error).toMatchObject({ type: 'TaskRevoked' });
    expect(world.calls.map(({ input }) => (input as { n: number }).n)).toEqual([1, 2, 2, 3, 6, 7]);
  });

  it('CANVAS-8 members of a pack that nobody waits for any more are not made', async () => {
    const { value, world } = await run('run-canvas.packed-unwanted');
    expect(value).toMatchObject({ n: 6 });
    const made = world.calls.map(({ input }) => (input as { n: number }).n);
    expect(made).toEqual(expect.arrayContaining([5, 6]));
    for (const n of [2, 3, 4]) expect(made).not.toContain(n);
  });

  it('follows links, each of which comes to its end', async () => {
    const { value, world } = await run('run-canvas.links');
    expect(value).toEqual({ n: 2, by: SECOND });
    expect(world.calls.map(({ input }) => input)).toContainEqual({ n: 1, by: FIRST, linked: true });
  });

  it('fails with the error of the member, and tells the body once with a typed payload', async () => {
    const { error, world } = await run('run-canvas.failed-chord');
    expect(error).toMatchObject({
      type: 'CorruptDocument',
      message: 'the document is damaged (documents.readDocument at root/header/0)',
      nonRetryable: true,
    });
    const told = world.calls.filter(({ task }) => task === SECOND);
    expect(told).toHaveLength(1);
    expect(told[0]?.input).toMatchObject({
      told: true,
      failed: { task: SECOND, type: 'ChordError', path: 'root/body' },
    });
  });

  it("RETRY-1 retries by the task's own policy", async () => {
    const { world } = await run('run-canvas.retried');
    expect(world.calls.map(({ task }) => task)).toEqual([FIRST, FIRST, FIRST, SECOND]);
  });

  it('P3-01 P3-57 turns options into those of the activity', async () => {
    const { handle } = await run('run-canvas.delayed');
    const { events } = await handle.fetchHistory();
    expect(events?.some((event) => event.timerStartedEventAttributes)).toBe(true);
    const scheduled = events?.flatMap((event) => event.activityTaskScheduledEventAttributes ?? []) ?? [];
    expect(scheduled.map(({ priority }) => priority?.priorityKey ?? 0)).toEqual([0, 2]);
    expect(Number(scheduled[1]?.startToCloseTimeout?.seconds)).toBe(30);
    expect(Number(scheduled[1]?.scheduleToStartTimeout?.seconds)).toBeGreaterThan(50);
  });

  it('does not make a call that has expired', async () => {
    const { error, world } = await run('run-canvas.expired');
    expect(error).toMatchObject({ type: 'TaskExpired' });
    expect(world.calls).toEqual([]);
  });

  it('P3-58 stops on cancel once its activities have', async () => {
    const { error } = await run('run-canvas.cancelled');
    expect(error).toBeInstanceOf(CancelledFailure);
  });
});

describe('client.canvas', () => {
  it('IDEM-4 the same name is the same run; results come back typed; refusals start nothing', async () => {
    const world = scriptCanvas();
    const client = await connectPerennial(temporal.endpoint);
    const canvas = { task: FIRST, args: [], kwargs: { n: 1 } };
    try {
      await temporal.withWorkers(world.activities, async () => {
        const first = await client.canvas.run(canvas, { id: 'once' });
        expect(first.id).toBe('canvas:once');
        expect(await first.result()).toEqual({ n: 1, by: FIRST });
        const second = await client.canvas.run({ ...canvas }, { id: 'once' });
        expect(await second.result()).toEqual({ n: 1, by: FIRST });
        const other = client.canvas.run({ ...canvas, kwargs: { n: 2 } }, { id: 'once' });
        await expect(other).rejects.toMatchObject({ name: 'Conflict', id: 'canvas:once' });
        expect(await client.canvas.get('once').status()).toBe('completed');
      });
      const unknown = { task: 'celery.chain', kwargs: { tasks: [{ task: 'nobody.knows' }] } };
      await expect(client.canvas.runJson(unknown, { id: 'never' })).rejects.toThrow('canvas.kwargs.tasks[0].task');
      await expect(client.canvas.get('never').status()).rejects.toThrow('never');
    } finally {
      await client.close();
    }
    expect(world.calls).toHaveLength(1);
  });
});

describe('what Celery does, runs do on Temporal', () => {
  const file = readFileSync(new URL('../conformance/cases.json', import.meta.url), 'utf8');
  const { cases } = JSON.parse(file) as { cases: readonly RecordedCase[] };
  const normative = cases.filter((recorded) => recorded.normative);

  it('every normative case comes out as recorded', async () => {
    const { address, namespace } = temporal.endpoint;
    const native = await NativeConnection.connect({ address });
    const connection = await Connection.connect({ address });
    const runner = await startRunner({ native, connection, namespace });
    let observed: Readonly<Record<string, Observation>> = {};
    try {
      observed = await observeAll(normative, runner.run, 16);
    } finally {
      await runner.close();
      await Promise.allSettled([connection.close(), native.close()]);
    }
    expect(normative.length).toBeGreaterThan(100);
    const problems = normative.flatMap((recorded) =>
      judge(recorded, observed[recorded.id]!).map((problem) => `${recorded.id}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });
});
