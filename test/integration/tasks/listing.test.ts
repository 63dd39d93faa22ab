/** Runs of every origin carry what the listings and the screens of the server show. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/shell/activity.ts';
import { searchAttributes, searchAttributeTypes, SYSTEM_TAG } from '../../../contracts/tasks/calls.ts';
import { eventually, never, type ScheduleWorld, startScheduleWorld } from '../schedules/world.ts';

const taskKey = defineSearchAttributeKey(searchAttributes.task, SearchAttributeType.KEYWORD);
const DOCUMENT = '00000000-0000-4000-8000-000000000002';
const activities = {
  'documents.extractInvoice': () =>
    Promise.resolve({ status: 'success', document_id: DOCUMENT, entities: { lines: [] } }),
  'samples.add': ({ a, b }: { a: number; b: number }) => Promise.resolve(a + b),
  'schedules.auditRuns': () => Promise.resolve({ recorded: 0 }),
} as unknown as Activities; // each takes the one input of its task

let world: ScheduleWorld;
beforeAll(async () => {
  world = await startScheduleWorld();
});
afterAll(() => world.stop());

/** What the server shows of a run, once it has ended. */
async function shown(id: string): Promise<Record<string, unknown>> {
  const handle = world.temporal.client.workflow.getHandle(id);
  await handle.result().catch(() => undefined);
  const description = await handle.describe();
  const pairs: [string, unknown][] = description.typedSearchAttributes
    .getAll()
    .filter(({ key }) => Object.hasOwn(searchAttributeTypes, key.name))
    .map(({ key, value }) => [key.name, value]);
  const attributes: Record<string, unknown> = Object.fromEntries(pairs);
  return { ...attributes, summary: await description.staticSummary() };
}

const names = async (system: boolean): Promise<(string | null)[]> =>
  (await world.client.tasks.list({}, { system })).map(({ task_name }) => task_name);

describe('what the server shows', () => {
  it('a job of a domain is listed under the name of its workflow, with the state that it ended in', async () => {
    await world.temporal.withWorkers(activities, async () => {
      const { id } = await world.client.documents.extractInvoice(DOCUMENT);
      expect(await shown(id)).toEqual({
        TaskName: 'extractInvoiceData',
        TaskState: 'SUCCESS',
        RootId: id,
        summary: 'fields of an invoice',
      });
      const found = await eventually(
        () => world.client.tasks.list({ task: 'extractInvoiceData' }),
        (list) => list.length > 0,
      );
      expect(found).toMatchObject([{ task_id: id, state: 'SUCCESS' }]);
    });
  });

  it('a job that fails is listed as failed', async () => {
    await world.temporal.withWorkers({}, async () => {
      const { id } = await world.client.documents.extractInvoice('00000000-0000-4000-8000-000000000003');
      expect(await shown(id)).toMatchObject({ TaskName: 'extractInvoiceData', TaskState: 'FAILURE' });
    });
  });

  it('a run of a schedule with a workflow names it, and says what the schedule is for', async () => {
    const purpose = 'Reads the invoice of the month.';
    const target = { workflow: 'extractInvoiceData', args: [DOCUMENT] };
    await world.client.schedules.add({ id: 'invoices', timing: never, target, purpose });
    await world.temporal.withWorkers(activities, async () => {
      await world.client.schedules.trigger('invoices');
      const run = await world.firstRun('invoices');
      expect(await shown(run)).toEqual({
        TaskName: 'extractInvoiceData',
        TaskState: 'SUCCESS',
        RootId: run,
        summary: `invoices: ${purpose}`,
      });
    });
  });

  it('a schedule whose attributes another tool changed is mended by a sync, once', async () => {
    const target = { workflow: 'extractInvoiceData', args: [DOCUMENT] };
    await world.withCode([{ id: 'mended', timing: never, target }], async ({ schedules }) => {
      await schedules.sync();
      await world.temporal.client.schedule.getHandle('mended').update(({ action, ...before }) => ({
        ...before,
        action: { ...action, typedSearchAttributes: [{ key: taskKey, value: 'another' }] },
      }));
      expect((await schedules.sync()).changes).toMatchObject([
        { id: 'mended', action: 'update', differences: [{ field: 'action' }] },
      ]);
      expect((await schedules.sync()).changes).toEqual([]);
    });
  });
});

describe('runs of the system', () => {
  it('are left out of listings, unless they are asked for', async () => {
    await world.client.schedules.add({ id: 'audits', timing: never, target: { task: 'schedules.auditRuns' } });
    await world.temporal.withWorkers(activities, async () => {
      await world.client.schedules.trigger('audits');
      expect(await shown(await world.firstRun('audits'))).toMatchObject({ Tags: [SYSTEM_TAG], TaskState: 'SUCCESS' });
      const { id } = await world.client.tasks.call('samples.add', { a: 1, b: 2 }, { tags: ['mine'] });
      expect(await shown(id)).toMatchObject({ Tags: ['mine'] });
      await eventually(
        () => names(true),
        (list) => list.includes('samples.add') && list.includes('schedules.auditRuns'),
      );
      expect(await names(true)).toEqual(expect.arrayContaining(['samples.add', 'schedules.auditRuns']));
      expect(await names(false)).toEqual(expect.arrayContaining(['samples.add', 'extractInvoiceData']));
      expect(await names(false)).not.toContain('schedules.auditRuns');
      expect(await world.client.tasks.list({ task: 'schedules.auditRuns' })).toHaveLength(1);
      expect(await world.client.tasks.list({ tag: SYSTEM_TAG })).toHaveLength(1);
    });
  });
});
