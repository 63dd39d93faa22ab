/** Runs that an operator reset with Temporal's own command: rows, API and command line follow the new run. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLimitActivities } from '../../../activities/limits/index.ts';
import { serverRuns } from '../../../activities/limits/runs.ts';
import { createSampleActivities } from '../../../activities/samples/index.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { viewBatch } from '../../../api/documents/lookups.ts';
import type { DocumentServices as ApiDocuments } from '../../../api/documents/ports.ts';
import type { AllServices } from '../../../cli/program.ts';
import { bulkStanding, connectPerennial, type PerennialClient } from '../../../client/index.ts';
import type { TaskOutput } from '../../../contracts/catalogue.ts';
import type { BatchOcrInput } from '../../../contracts/documents/schema.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { createBatchStore } from '../../../services/documents/batches.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import { createEmailOutcomes } from '../../../services/email/outcomes.ts';
import { createOpenRows } from '../../../services/housekeeping/open-rows.ts';
import { createImportRecords } from '../../../services/imports/storing/records.ts';
import { createLimitStore } from '../../../services/limits/postgres.ts';
import { call, chain } from '../../support/canvas/signatures.ts';
import { silentLog } from '../../support/silent-log.ts';
import { emailWorld } from '../../support/email.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { startTestSmtp } from '../../support/servers/smtp.ts';
import { command } from './command.ts';
import { startHouse, type House } from './house.ts';
import { HELD, readers, READ_FILES } from './reading-rows.ts';
import { before, gate, reset, type Gate } from './resets.ts';

const silent = { log: () => silentLog };
const inMs = { timeoutMs: 30_000 };

let house: House;
let client: PerennialClient;
let imports: ImportWorld;
beforeAll(async () => {
  house = await startHouse();
  imports = await importWorld(house.test.db, { rangeBytes: 400, batchRecords: 5 });
  const importRecords = createImportRecords(house.test.db);
  client = await connectPerennial({ ...house.temporal.endpoint, importRecords });
});
afterAll(async () => {
  await client.close();
  await imports.close();
  await house.stop();
});

/** Opens the gate in the end, because a worker waits for what it is doing. */
const withWorkers = <T>(activities: Activities, held: Gate, body: () => Promise<T>): Promise<T> =>
  house.temporal.withWorkers({ ...house.activities, ...activities }, () => body().finally(held.open));

/** Runs the reconciler on the workers that are running. */
const reconcile = (): Promise<TaskOutput<'housekeeping.reconcileRuns'>> =>
  house.temporal.client.workflow.execute(taskWorkflows.runTask, {
    taskQueue: queues.workflows,
    workflowId: `reconcile-${randomUUID()}`,
    args: ['housekeeping.reconcileRuns', {}],
  }) as Promise<TaskOutput<'housekeeping.reconcileRuns'>>; // what the task's schema says

const terminate = (id: string): Promise<unknown> => house.temporal.client.workflow.getHandle(id).terminate('by hand');
const row = async (query: string, id: string): Promise<unknown> => {
  const { rows } = await house.test.db.query<{ value: unknown }>(query, [id]);
  return rows[0]?.value;
};

/** What the command prints as JSON. */
async function printed(services: Partial<AllServices>, ...args: string[]): Promise<Record<string, unknown>> {
  const { json, stderr } = await command({ ...services, client }, ...args);
  expect(stderr).toBe('');
  return json;
}

/** The row of a batch, and what API and command line say of it. */
async function everyWord(id: string): Promise<Record<string, unknown>> {
  const { db } = house.test;
  const ports = {
    client,
    batches: createBatchStore(db),
    batchRows: createOpenRows(db),
    documents: createDocumentStore(db),
  };
  const api = await viewBatch(ports as unknown as ApiDocuments, id); // the routes of pages are not asked
  const cli = await printed(ports, 'status', id);
  return {
    row: await row('select status as value from batches where id = $1', id),
    api: api.status,
    cli: cli['status'],
  };
}

const statesOf = async (id: string): Promise<unknown> =>
  row(
    `select jsonb_object_agg(s, n) as value from (select d.status as s, count(*) as n from batch_items i
     join documents d on d.id = i.document_id where i.batch_id = $1 group by 1) as states`,
    id,
  );

const startBatch = async (id: string, input: BatchOcrInput): Promise<string> =>
  (await client.documents.batchOcr(input, { id })).id;

describe('a batch that was reset', () => {
  it.each([
    ['first', 'running'],
    ['last', 'running'],
    ['first', 'terminated'],
    ['last', 'terminated'],
  ] as const)('to its %s task while it was %s goes on, and its row with it', async (point, state) => {
    const held = gate();
    const { activities, read } = readers(house, held);
    await withWorkers(activities, held, async () => {
      const id = await startBatch(`reset-${point}-${state}`, { paths: READ_FILES, window: 2 });
      await held.reached;
      if (state === 'terminated') {
        await terminate(id);
        expect(await everyWord(id)).toEqual({ row: 'terminated', api: 'terminated', cli: 'terminated' });
      }
      await reset(house.temporal, id, point);
      await expect.poll(() => everyWord(id)).toEqual({ row: 'running', api: 'running', cli: 'running' });
      expect(await reconcile()).toMatchObject({ batches: [], freed_documents: 0 });
      held.open();
      const summary = await client.documents.getBatch(id).result(inMs);
      expect(summary).toMatchObject({ total: 6, saved: 6, failed: 0, pending: 0 });
      expect(await everyWord(id)).toEqual({ row: 'finished', api: 'completed', cli: 'completed' });
      expect(await statesOf(id)).toEqual({ completed: 6 });
      expect(await client.documents.getBatch(id).progress()).toMatchObject({ total: 6, completed: 6, inFlight: 0 });
      // Each page is stored at once; only the one under way is read by both runs.
      expect(read.filter((path) => path !== HELD).sort()).toEqual(READ_FILES.filter((path) => path !== HELD));
    });
  });

  it.each(['first', 'last'] as const)('to its %s task after its end ends again as it did', async (point) => {
    const held = gate();
    held.open();
    const { activities, read } = readers(house, held);
    await withWorkers(activities, held, async () => {
      const id = await startBatch(`reset-ended-${point}`, { paths: READ_FILES });
      await client.documents.getBatch(id).result(inMs);
      const runId = await reset(house.temporal, id, point);
      await house.temporal.client.workflow.getHandle(id, runId).result();
      expect(await everyWord(id)).toEqual({ row: 'finished', api: 'completed', cli: 'completed' });
      expect(await client.documents.getBatch(id).progress()).toMatchObject({ total: 6, completed: 6 });
      expect(read).toHaveLength(6);
    });
  });
});

const FEW = `id,email,name,time_zone\n${Array.from({ length: 60 }, (_, n) => `r${String(n)},r${String(n)}@example.com,"Name",UTC\n`).join('')}bad,bad,bad,bad\n`;

describe('an import that was reset', () => {
  const rowOf = (id: string): Promise<unknown> => row('select status as value from imports where id = $1', id);
  const words = async (id: string): Promise<unknown> => {
    const { status } = await client.imports.view(id);
    return { view: status, row: await rowOf(id), cli: (await printed({}, 'imports', 'status', id))['status'] };
  };
  const start = async (id: string): Promise<string> =>
    (await client.imports.start({ source: await imports.upload(FEW), schema: 'users', window: 1 }, { id })).id;
  /** Stops before the second range until the gate is open. */
  const heldAt = (held: Gate): Activities =>
    before(imports.activities, 'imports.save', (input) =>
      (input as { readonly range: number }).range === 1 ? held.pass() : Promise.resolve(),
    );

  it.each([
    ['first', 'running'],
    ['last', 'running'],
    ['first', 'terminated'],
    ['last', 'terminated'],
  ] as const)('to its %s task while it was %s reads nothing twice', async (point, state) => {
    const held = gate();
    await withWorkers(heldAt(held), held, async () => {
      const id = await start(`reset-${point}-${state}`);
      await held.reached;
      if (state === 'terminated') {
        await terminate(id);
        expect(await words(id)).toEqual({ view: 'terminated', row: 'terminated', cli: 'terminated' });
      }
      await reset(house.temporal, id, point);
      expect(await client.imports.view(id)).toMatchObject({ status: 'running', finishedAt: null });
      expect(await reconcile()).toMatchObject({ imports: [] });
      held.open();
      const result = await client.imports.get(id).result(inMs);
      expect(result).toMatchObject({ read: 61, saved: 60, rejected: 1, skipped: 0, status: 'partial' });
      expect(await words(id)).toEqual({ view: 'finished', row: 'finished', cli: 'finished' });
      expect(await client.imports.view(id)).toMatchObject({ read: 61, saved: 60, rejected: 1 });
      expect(await imports.leftovers()).toEqual([]);
    });
  });
});

describe('a mailing that was reset', () => {
  it.each(['first', 'last'] as const)('to its %s task sends to nobody twice', async (point) => {
    const smtp = await startTestSmtp();
    const world = emailWorld({ database: house.test.db, url: smtp.url });
    const held = gate();
    const activities = before(world.activities, 'email.sendBulkChunk', (input) =>
      (input as { readonly first: number }).first === 500 ? held.pass() : Promise.resolve(),
    );
    const ledger = createEmailOutcomes(house.test.db);
    const recipients = Array.from({ length: 700 }, (_, n) => `${point}${String(n)}@example.com`);
    await withWorkers(activities, held, async () => {
      const mail = { subject: 'News', body: '<p>Hello</p>', recipients };
      const { group_id: id } = await client.email.sendBulk(mail, { id: `reset-${point}` });
      await held.reached;
      await expect.poll(() => smtp.received.length, { timeout: 20_000 }).toBe(500);
      await terminate(id);
      expect(await bulkStanding(client.email.getBulk(id), ledger)).toMatchObject({ status: 'terminated' });
      await reset(house.temporal, id, point);
      expect(await bulkStanding(client.email.getBulk(id), ledger)).toMatchObject({ status: 'running' });
      held.open();
      const summary = await client.email.getBulk(id).result(inMs);
      expect(summary).toMatchObject({ total_emails: 700, sent: 700, failed: 0, pending: 0 });
      const progress = { sent: 700, failed: 0, total: 700, phase: 'finished' };
      expect(await bulkStanding(client.email.getBulk(id), ledger)).toMatchObject({ status: 'completed', progress });
      expect(smtp.received).toHaveLength(700);
    });
    await world.close();
    await smtp.stop();
  });
});

describe('a canvas and a task that were reset', () => {
  /** Doubles when the gate is open, and notes what it was asked. */
  const doubling = (held: Gate, asked: number[]): Activities => {
    const places = createLimitActivities({ limits: createLimitStore(house.test.db), runs: serverRuns }, silent);
    return before({ ...createSampleActivities({}, silent), ...places }, 'samples.double', (input) => {
      asked.push((input as { readonly data: number }).data);
      return held.pass();
    });
  };

  it('go on where they were: what had ended is not asked again', async () => {
    const held = gate();
    const asked: number[] = [];
    await withWorkers(doubling(held, asked), held, async () => {
      const steps = chain(call('samples.addOne', { data: 1 }), call('samples.double'), call('samples.addOne'));
      const { id } = await client.canvas.runJson(steps);
      await held.reached;
      await reset(house.temporal, id, 'last');
      // The new run waits for its first workflow task.
      await expect.poll(async () => (await client.tasks.get(id).status()).state).toBe('STARTED');
      held.open();
      expect(await client.canvas.get(id).result(inMs)).toBe(5);
      expect(new Set(asked)).toEqual(new Set([2]));
    });
  });

  it.each(['first', 'last'] as const)('to the %s task keep their place under a limit', async (point) => {
    const key = `reset-${point}`;
    const places = (): Promise<unknown> => row('select count(*)::int as value from limit_places where key = $1', key);
    const held = gate();
    const asked: number[] = [];
    await withWorkers(doubling(held, asked), held, async () => {
      const limits = [{ key, concurrency: 1 }];
      const holder = await client.task('samples.double').call({ data: 7 }, { limits });
      await held.reached;
      await reset(house.temporal, holder.id, point);
      await client.task('samples.double').call({ data: 8 }, { limits, id: `waits-${point}` });
      await expect.poll(places).toBe(2);
      expect(await reconcile()).toMatchObject({ freed_places: 0 });
      expect(new Set(asked)).toEqual(new Set([7]));
      held.open();
      expect(await holder.result(inMs)).toBe(14);
      expect(await client.tasks.get(`waits-${point}`).result(inMs)).toBe(16);
      await expect.poll(places).toBe(0);
    });
  });
});
