/** Runs that Perennial's client did not start: Temporal's own command, its plain client, a schedule of another tool. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/shell/activity.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { searchAttributeTypes, SYSTEM_TAG } from '../../../contracts/tasks/calls.ts';
import { findTemporal } from '../../../stack/temporal/binary.ts';
import { eventually, type ScheduleWorld, startScheduleWorld } from '../schedules/world.ts';

const add = { queue: queues.workflows, task: 'samples.add', input: { a: 1, b: 2 } } as const;
const activities = {
  'samples.add': ({ a, b }: { a: number; b: number }) => Promise.resolve(a + b),
  'schedules.auditRuns': () => Promise.resolve({ recorded: 0 }),
} as unknown as Activities; // each takes the one input of its task

let world: ScheduleWorld;
let connection: Connection;
/** A client that knows nothing of Perennial. */
let plain: Client;
let stopWorkers: () => Promise<void>;
beforeAll(async () => {
  world = await startScheduleWorld();
  const { address, namespace } = world.temporal.endpoint;
  connection = await Connection.connect({ address });
  plain = new Client({ connection, namespace });
  stopWorkers = await world.temporal.keepWorkers(activities);
});
afterAll(async () => {
  await stopWorkers();
  await connection.close();
  await world.stop();
});

/** What listings find a run by, once it has ended. */
async function foundBy(id: string): Promise<Record<string, unknown>> {
  const handle = plain.workflow.getHandle(id);
  await handle.result().catch(() => undefined);
  const { typedSearchAttributes } = await handle.describe();
  const own = typedSearchAttributes.getAll().filter(({ key }) => Object.hasOwn(searchAttributeTypes, key.name));
  return Object.fromEntries(own.map(({ key, value }) => [key.name, value]));
}

const startRun = async (type: string, args: readonly unknown[], given: object = {}): Promise<string> => {
  const id = randomUUID();
  await plain.workflow.start(type, { workflowId: id, taskQueue: add.queue, args: [...args], ...given });
  return id;
};

describe('a run that another tool started', () => {
  it("by Temporal's own command is listed as ours are, and gives its result", async () => {
    const { address, namespace } = world.temporal.endpoint;
    const { path: temporal } = await findTemporal({ log: () => undefined });
    const run = ['--workflow-id', 'by-command', '--type', 'runTask', '--task-queue', add.queue];
    const input = ['--input', JSON.stringify(add.task), '--input', JSON.stringify(add.input)];
    const to = ['--address', address, '--namespace', namespace];
    await promisify(execFile)(temporal, ['workflow', 'start', ...to, ...run, ...input]);
    expect(await foundBy('by-command')).toEqual({
      TaskName: add.task,
      TaskState: 'SUCCESS',
      RootId: 'by-command',
    });
    const listed = await eventually(
      () => world.client.tasks.list({ root: 'by-command' }),
      (found) => found[0]?.state === 'SUCCESS', // the list lags behind
    );
    expect(listed).toMatchObject([{ task_id: 'by-command', task_name: add.task, state: 'SUCCESS' }]);
    expect(await world.client.tasks.get('by-command').result()).toBe(3);
  });

  it('is listed under the registered name of its task, with its tenant, and with what the starter says of it', async () => {
    const alias = await startRun('runTask', ['celery_app.workflows.canvas.step1', { data: 1 }, { tenant: 'acme' }]);
    expect(await foundBy(alias)).toMatchObject({ TaskName: 'samples.addOne', Tenant: 'acme', RootId: alias });
    const tagged = await startRun('runTask', [add.task, add.input], {
      searchAttributes: { TaskName: ['mine'], Tags: ['nightly'] },
    });
    expect(await foundBy(tagged)).toEqual({
      TaskName: 'mine',
      TaskState: 'SUCCESS',
      RootId: tagged,
      Tags: ['nightly'],
    });
  });

  it('is listed where its arguments are wrong: under the name of the workflow when there is none of a task', async () => {
    expect(await foundBy(await startRun('runTask', [{ no: 'name' }]))).toMatchObject({
      TaskName: 'runTask',
      TaskState: 'FAILURE',
    });
    const unknown = await startRun('runTask', ['no.such', {}, { tenant: 'with spaces' }]);
    expect(await foundBy(unknown)).toEqual({ TaskName: 'no.such', TaskState: 'FAILURE', RootId: unknown });
    expect(await foundBy(await startRun('runTask', ['x'.repeat(5000), {}]))).toMatchObject({ TaskName: 'runTask' });
  });

  it('of a canvas is listed under its kind, and the labels of its calls say each thing once', async () => {
    const call = (b: number): object => ({ task: add.task, kwargs: { b }, args: [], options: {} });
    const canvas = { task: 'celery.chain', kwargs: { tasks: [call(1)] }, args: [], options: {}, subtask_type: 'chain' };
    const id = await startRun('runCanvas', [{ canvas, kwargs: { a: 1 }, tenant: 'acme' }]);
    expect(await foundBy(id)).toMatchObject({ TaskName: 'celery.chain', Tenant: 'acme', RootId: id });
    const { events } = await plain.workflow.getHandle(id).fetchHistory();
    const calls = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes);
    expect(calls.map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name)).toEqual([add.task]);
    const [label] = calls.map(({ userMetadata }) => Buffer.from(userMetadata?.summary?.data ?? []).toString());
    expect(JSON.parse(label ?? '')).toMatch(/^root\b/);
    expect(label).not.toContain(add.task);
  });

  it('by a schedule of another tool is listed; the work that keeps Perennial in order is told apart', async () => {
    for (const [scheduleId, task, input] of [
      ['foreign-add', add.task, add.input],
      ['foreign-audit', 'schedules.auditRuns', {}],
    ] as const) {
      await plain.schedule.create({
        scheduleId,
        spec: { calendars: [{ hour: 5, year: 2090 }] },
        action: { type: 'startWorkflow', workflowType: 'runTask', taskQueue: add.queue, args: [task, input] },
        state: { triggerImmediately: true },
      });
    }
    const runOf = async (schedule: string): Promise<string> => {
      const { info } = await eventually(
        () => plain.schedule.getHandle(schedule).describe(),
        ({ info: { recentActions } }) => recentActions.length > 0,
      );
      const [first] = info.recentActions;
      return first?.action.workflow.workflowId ?? '';
    };
    const [added, audit] = [await runOf('foreign-add'), await runOf('foreign-audit')];
    expect(await foundBy(added)).toEqual({ TaskName: add.task, TaskState: 'SUCCESS', RootId: added });
    expect(await foundBy(audit)).toMatchObject({ TaskName: 'schedules.auditRuns', Tags: [SYSTEM_TAG] });
    // Somebody who starts it by hand wants to see it.
    const byHand = await startRun('runTask', ['schedules.auditRuns', {}]);
    expect(await foundBy(byHand)).not.toHaveProperty('Tags');
    const ids = async (): Promise<readonly string[]> =>
      (await world.client.tasks.list({}, {})).map(({ task_id }) => task_id);
    const seen = await eventually(ids, (list) => list.includes(added) && list.includes(byHand));
    expect(seen).toEqual(expect.arrayContaining([added, byHand]));
    expect(seen).not.toContain(audit);
  });
});
