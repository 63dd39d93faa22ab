/** What people of django-celery-beat set on a schedule, on a real server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/shell/activity.ts';
import { NotFound } from '../../../client/index.ts';
import type { NewSchedule } from '../../../contracts/schedules/vocabulary.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { adding, eventually, failureOf, type ScheduleWorld, type Seen, soon, startScheduleWorld } from './world.ts';

let world: ScheduleWorld;
beforeAll(async () => {
  world = await startScheduleWorld();
});
afterAll(() => world.stop());

const yearly = { cron: '0 0 1 1 *' };

describe('a task as the target of a schedule', () => {
  it('takes positional arguments, queue and priority, and is found by its id', async () => {
    const { schedules, tasks } = world.client;
    const seen: Seen[] = [];
    const schedule: NewSchedule = {
      id: 'o-task',
      timing: yearly,
      target: {
        task: 'samples.add',
        args: [1],
        kwargs: { b: 2 },
        options: { queue: queues.documentsCritical, priority: 10, tags: ['nightly'], tenant: 'acme' },
      },
    };
    expect(await schedules.add(schedule)).toEqual({ created: true });
    expect(await schedules.add(schedule)).toEqual({ created: false });
    expect((await schedules.describe('o-task')).definition?.target).toEqual({
      task: 'samples.add',
      input: { a: 1, b: 2 },
      options: { queue: queues.documentsCritical, priority: 10, tags: ['nightly'], tenant: 'acme' },
    });
    await world.temporal.withWorkers(adding(seen), async () => {
      await schedules.trigger('o-task');
      const run = await world.firstRun('o-task');
      expect(await tasks.get(run).result()).toBe(3);
      expect(await tasks.get(run).status()).toMatchObject({
        state: 'SUCCESS',
        task_name: 'samples.add',
        tenant: 'acme',
      });
      const found = await eventually(
        () => tasks.list({ tag: 'nightly', root: run }),
        (list) => list.length > 0,
      );
      expect(found).toMatchObject([{ task_id: run, state: 'SUCCESS' }]);
    });
    // Priority 10 is the first of the five levels of the server.
    expect(seen).toEqual([{ input: { a: 1, b: 2 }, queue: queues.documentsCritical, priority: 1 }]);
    const { action } = await world.temporal.client.schedule.getHandle('o-task').describe();
    expect(action.priority).toMatchObject({ priorityKey: 1, fairnessKey: 'acme' });
  });

  it('is listed like any other task, also when it waited for the sun', async () => {
    const { schedules, tasks } = world.client;
    const options = { tags: ['sunny'], tenant: 'acme', expires: 600 };
    const solar = { event: 'sunrise', latitude: 52.5, longitude: 13.4 } as const;
    await schedules.add({ id: 'o-listed', timing: { solar }, target: { task: 'samples.add', args: [1, 2], options } });
    const activities = {
      ...adding([]),
      'schedules.findSolarEvent': () => Promise.resolve({ at: soon(-1_000) }),
      'schedules.recordRun': () => Promise.resolve({ recorded: true }),
    } as unknown as Activities; // each takes the one input of its task
    await world.temporal.withWorkers(activities, async () => {
      // Perennial's own trigger does not wait for the sun.
      await world.temporal.client.schedule.getHandle('o-listed').trigger();
      const found = await eventually(
        () => tasks.list({ tag: 'sunny', tenant: 'acme' }),
        (list) => list[0]?.state === 'SUCCESS',
      );
      expect(found).toMatchObject([{ task_name: 'samples.add', tenant: 'acme', state: 'SUCCESS' }]);
      const id = found[0]?.task_id ?? '';
      expect(id.startsWith('o-listed-')).toBe(true);
      expect(await tasks.list({ root: id })).toMatchObject([{ task_id: id }]);
    });
  });

  it('without input takes an empty object, as the OpenAPI document says', async () => {
    const { schedules } = world.client;
    await schedules.add({ id: 'o-empty', timing: yearly, target: { task: 'housekeeping.cleanupTempFiles' } });
    expect((await schedules.describe('o-empty')).definition?.target).toEqual({
      task: 'housekeeping.cleanupTempFiles',
      input: {},
    });
    const error = await failureOf(schedules.add({ id: 'o-none', timing: yearly, target: { task: 'samples.add' } }));
    expect(error.message).toContain('target.input.a: expected');
  });

  it('expires so long after its due time, not after its start', async () => {
    const { schedules, tasks } = world.client;
    const add = { task: 'samples.add', input: { a: 1, b: 2 } };
    await schedules.add({ id: 'o-stale', timing: { at: soon(1_500) }, target: { ...add, options: { expires: 1 } } });
    await schedules.add({ id: 'o-fresh', timing: { at: soon(1_500) }, target: { ...add, options: { expires: 600 } } });
    const [stale, fresh] = [await world.firstRun('o-stale'), await world.firstRun('o-fresh')];
    await sleep(1_500);
    await world.temporal.withWorkers(adding([]), async () => {
      expect(await tasks.get(fresh).result()).toBe(3);
      const { state } = await eventually(
        () => tasks.get(stale).status(),
        ({ ready }) => ready,
      );
      expect(state).toBe('REVOKED');
    });
  });

  it('is not made up for when it would expire at once', async () => {
    const { schedules } = world.client;
    const target = { task: 'samples.add', input: { a: 1, b: 2 }, options: { expires: 60 } };
    await schedules.add({ id: 'o-past', timing: { every: { seconds: 3600 } }, target });
    const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T02:30:00Z' };
    const error = await failureOf(schedules.backfill('o-past', range));
    expect(error.message).toContain('range.from: expected due times of the last 60 s');
    // Somebody else's tool may do it all the same: the run begins now, but its due time is long past.
    const [start, end] = [new Date('2026-01-01T00:30:00Z'), new Date('2026-01-01T01:30:00Z')];
    await world.temporal.client.schedule.getHandle('o-past').backfill({ start, end });
    await world.temporal.withWorkers(adding([]), async () => {
      const { state } = await eventually(
        () =>
          world.client.tasks
            .get('o-past-2026-01-01T01:00:00Z')
            .status()
            .catch(() => ({ state: 'PENDING', ready: false })),
        ({ ready }) => ready,
      );
      expect(state).toBe('REVOKED');
    });
  });

  it.each<[string, NewSchedule['target'], string]>([
    ['two inputs', { task: 'samples.add', input: {}, args: [1] }, 'target.input: expected none beside args or kwargs'],
    ['two values', { task: 'samples.add', args: [1], kwargs: { a: 2 } }, 'target.kwargs.a: expected no value'],
    ['too many', { task: 'samples.add', args: [1, 2, 3] }, 'target.args: expected at most 2 positional arguments'],
    [
      'a wrong priority',
      { task: 'samples.add', args: [1, 2], options: { priority: 11 } },
      'schedule.target.options.priority: expected at most 10, got 11',
    ],
    [
      'an absolute expiry',
      { task: 'samples.add', args: [1, 2], options: { expires: '2026-01-01' as unknown as number } },
      'schedule.target.options.expires: expected number',
    ],
    [
      'a countdown',
      { task: 'samples.add', args: [1, 2], options: { countdown: 5 } as object },
      'schedule.target.options.countdown',
    ],
    [
      'a limit above the other',
      { task: 'samples.add', args: [1, 2], options: { softTimeLimit: 9, hardTimeLimit: 5 } },
      'target.options.softTimeLimit: expected less than the hard limit of 5 s',
    ],
    [
      'an unknown queue',
      { task: 'samples.add', args: [1, 2], options: { queue: 'nowhere' } },
      'queue: expected one of',
    ],
    [
      'a long list',
      { task: 'samples.sumTiny', input: { data: Array.from({ length: 20_000 }, () => 7) } },
      'target: expected arguments of at most 30000 bytes as JSON',
    ],
  ])('with %s is refused', async (_, target, message) => {
    const error = await failureOf(world.client.schedules.add({ id: 'o-wrong', timing: yearly, target }));
    expect(error.message).toContain(message);
    await expect(world.client.schedules.describe('o-wrong')).rejects.toBeInstanceOf(NotFound);
  });
});

describe('a canvas as the target of a schedule', () => {
  const canvas = {
    task: 'celery.chain',
    args: [],
    kwargs: {
      tasks: [
        { task: 'samples.add', args: [1, 2], kwargs: {}, options: {}, subtask_type: null, immutable: false },
        { task: 'samples.add', args: [], kwargs: { b: 10 }, options: {}, subtask_type: null, immutable: false },
      ],
    },
    options: {},
    subtask_type: 'chain',
    immutable: false,
  };

  it('starts a run of its own at each due time, with an id of its own and its result', async () => {
    const { schedules } = world.client;
    const asked = world.client.canvas;
    await schedules.add({ id: 'o-canvas', timing: { every: { seconds: 1 } }, target: { canvas, tenant: 'acme' } });
    const activities = {
      'samples.add': ({ a = 0, b = 0, data = 0 }: { a?: number; b?: number; data?: number }) =>
        Promise.resolve(a + b + data),
    } as unknown as Activities; // each takes the one input of its task
    await world.temporal.withWorkers(activities, async () => {
      const { recent } = await eventually(
        () => schedules.describe('o-canvas'),
        (view) => view.recent.length > 1,
      );
      await schedules.pause('o-canvas', 'seen enough');
      const ids = recent.map(({ workflowId }) => workflowId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { workflowId, dueAt } of recent) {
        const name = `o-canvas-${dueAt.replace('.000', '')}`;
        expect(workflowId).toBe(`canvas:${name}`);
        expect(await asked.get(name).result()).toBe(13);
        expect(await asked.progress(name)).toMatchObject({ status: 'completed', succeeded: 2 });
        // What GET /v1/canvas/ID/result answers with.
        const { id } = asked.get(name);
        expect(await world.client.tasks.get(id).status()).toMatchObject({ state: 'SUCCESS', ready: true, result: 13 });
      }
    });
    await schedules.remove('o-canvas');
  });

  it('is checked like any other', async () => {
    const add = (target: object) =>
      failureOf(world.client.schedules.add({ id: 'o-bad', timing: yearly, target: target as { canvas: unknown } }));
    expect((await add({ canvas: { task: 'nothing' } })).message).toContain('target.canvas.task: expected');
    const named = { ...canvas.kwargs.tasks[0], options: { task_id: 'mine' } };
    expect((await add({ canvas: named })).message).toBe(
      "target.canvas.options.task_id: expected no id, because every run needs ids of its own, got 'mine'",
    );
    const overriding = (options: object) => add({ canvas: canvas.kwargs.tasks[0], options });
    expect((await overriding({ task_id: 'mine' })).message).toContain('target.options.task_id: expected no id');
    expect((await overriding({ link: named })).message).toContain(
      'target.options.link.options.task_id: expected no id',
    );
    expect((await add({ canvas: 7 })).message).toContain('schedule.target.canvas');
  });
});

describe('the name of a schedule', () => {
  it.each(['Täglicher Bericht / Nord', '日次レポート 🌅', 'a?b#c&d%20', 'it\'s "quoted" \\ <b>'])(
    'may be %s: its runs are found by their ids',
    async (id) => {
      const { schedules, tasks } = world.client;
      await schedules.add({ id, timing: yearly, target: { task: 'samples.add', args: [1, 2] } });
      const listed = await eventually(
        async () => (await schedules.list()).map((view) => view.id),
        (ids) => ids.includes(id),
      );
      expect(listed).toContain(id);
      await world.temporal.withWorkers(adding([]), async () => {
        await schedules.trigger(id);
        const run = await world.firstRun(id);
        expect(run.startsWith(`${id}-`)).toBe(true);
        expect(await tasks.get(run).result()).toBe(3);
        const runs = await eventually(
          () => schedules.runsSince('2026-01-01'),
          (found) => found.some(({ scheduleId }) => scheduleId === id),
        );
        expect(runs.filter(({ scheduleId }) => scheduleId === id)).toMatchObject([{ workflowId: run }]);
      });
      await schedules.remove(id);
    },
  );

  it.each(['', ' a', 'a\u0000b', 'a\nb', 'half \uD83C', '..', 'a\u202Eb', 'x'.repeat(201)])(
    'may not be %j',
    async (id) => {
      const error = await failureOf(
        world.client.schedules.add({ id, timing: yearly, target: { task: 'samples.add', args: [1, 2] } }),
      );
      expect(error).toMatchObject({ type: 'InvalidInput' });
      expect(error.message).toContain('schedule.id: expected');
    },
  );
});

describe('a schedule of code', () => {
  it('may say the same, and is created paused once', async () => {
    const entry: NewSchedule = {
      id: 'c-options',
      timing: { cron: '0 8 * * *' },
      end: '2040-01-01',
      oneOff: true,
      paused: true,
      target: { task: 'samples.add', args: [1, 2], options: { priority: 9 } },
    };
    await world.withCode([entry], async ({ schedules }) => {
      expect((await schedules.sync()).changes).toMatchObject([{ id: 'c-options', action: 'create' }]);
      expect(await schedules.describe('c-options')).toMatchObject({ paused: true, remaining: 1, origin: 'code' });
      await schedules.unpause('c-options', 'checked');
      expect(await schedules.sync()).toMatchObject({ changes: [], unchanged: 1 });
      expect((await schedules.describe('c-options')).paused).toBe(false);
    });
    const wrong = { ...entry, target: { task: 'samples.add', args: ['one', 2] } };
    await world.withCode([wrong], async ({ schedules }) => {
      expect((await failureOf(schedules.sync())).message).toContain('c-options: target.input.a: expected');
    });
    await world.withCode([], async ({ schedules }) => {
      await schedules.sync();
    });
  });
});
