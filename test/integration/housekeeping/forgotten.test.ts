/** Runs that the server has forgotten or an operator has deleted: API, command line and rows say the same of them. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampleActivities } from '../../../activities/samples/index.ts';
import { connectPerennial, type PerennialClient } from '../../../client/index.ts';
import { createBatchStore } from '../../../services/documents/batches.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import { createEmailOutcomes } from '../../../services/email/outcomes.ts';
import { createOpenRows } from '../../../services/housekeeping/open-rows.ts';
import { createImportRecords } from '../../../services/imports/storing/records.ts';
import { periodCalendar } from '../../../services/reports/period.ts';
import { createReportStore } from '../../../services/reports/store.ts';
import { call, chain } from '../../support/canvas/signatures.ts';
import { emailWorld, type EmailWorld } from '../../support/email.ts';
import { testApi } from '../../support/fakes/api.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { scriptedRef } from '../../support/scripted/reports.ts';
import { startTestSmtp, type TestSmtp } from '../../support/servers/smtp.ts';
import { silentLog } from '../../support/silent-log.ts';
import { command } from './command.ts';
import { startHouse, type House } from './house.ts';

const inMs = { timeoutMs: 30_000 };

let house: House;
let client: PerennialClient;
let imports: ImportWorld;
let smtp: TestSmtp;
let mail: EmailWorld;
beforeAll(async () => {
  [house, smtp] = await Promise.all([startHouse(), startTestSmtp()]);
  imports = await importWorld(house.test.db);
  mail = emailWorld({ database: house.test.db, url: smtp.url });
  const importRecords = createImportRecords(house.test.db);
  client = await connectPerennial({ ...house.temporal.endpoint, importRecords });
});
afterAll(async () => {
  await client.close();
  await Promise.all([imports.close(), mail.close()]);
  await Promise.all([house.stop(), smtp.stop()]);
});

const withWorkers = <T>(body: () => Promise<T>): Promise<T> =>
  house.temporal.withWorkers(
    {
      ...house.activities,
      ...imports.activities,
      ...mail.activities,
      ...createSampleActivities({}, { log: () => silentLog }),
    },
    body,
  );

/** Deletes a run as `temporal workflow delete` does, and waits until the server does not know it. */
async function forget(workflowId: string): Promise<void> {
  const { client: temporal } = house.temporal;
  const namespace = temporal.options.namespace;
  await temporal.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  const known = (): Promise<boolean> =>
    temporal.workflow
      .getHandle(workflowId)
      .describe()
      .then(
        () => true,
        () => false,
      );
  await expect.poll(known, { timeout: 20_000 }).toBe(false);
}

/** The real ports of API and command line. */
const ports = () => ({
  documents: createDocumentStore(house.test.db),
  batches: createBatchStore(house.test.db),
  batchRows: createOpenRows(house.test.db),
  email: createEmailOutcomes(house.test.db),
  reports: createReportStore(house.test.db),
});
const get = async (path: string): Promise<{ status: number; body: Record<string, unknown> }> => {
  const answer = await request(testApi({}, client, ports()).app).get(path);
  return { status: answer.status, body: answer.body as Record<string, unknown> };
};
const perennial = (...args: string[]) => command({ ...ports(), client }, ...args);

describe('a mailing whose run is gone', () => {
  it('says what the ledger holds, over HTTP and on the command line', async () => {
    const recipients = ['ann@example.com', 'bob@example.com', 'ann@example.com', 'no address'];
    const input = { recipients, subject: 'News', body: 'Hello' };
    const { id, before } = await withWorkers(async () => {
      const { group_id } = await client.email.sendBulk(input, { id: 'forgotten' });
      await client.email.getBulk(group_id).result(inMs);
      return { id: group_id, before: await get(`/v1/emails/bulk/${group_id}`) };
    });
    expect(before.body).toMatchObject({ status: 'completed', progress: { total: 4, sent: 2 } });
    const outcomes = await get(`/v1/emails/bulk/${id}/outcomes`);
    await forget(id);
    const api = await get(`/v1/emails/bulk/${id}`);
    expect(api).toEqual({ status: 200, body: { id, status: 'gone', progress: before.body['progress'] } });
    expect(await perennial('email', 'status', id)).toEqual({ code: 1, json: api.body, stderr: '' });
    expect(await get(`/v1/emails/bulk/${id}/outcomes`)).toEqual(outcomes);
    expect(outcomes).toMatchObject({ status: 200, body: { items: expect.any(Array) as unknown[], nextCursor: null } });
  });

  it('and of which the ledger has no row is not found', async () => {
    for (const path of ['', '/outcomes'])
      expect(await get(`/v1/emails/bulk/bulk-email-nobody${path}`)).toMatchObject({ status: 404 });
    expect(await perennial('email', 'status', 'bulk-email-nobody')).toMatchObject({ code: 1, json: {} });
  });

  it('an empty page of one that has not sent anything yet is no error', async () => {
    const { group_id } = await client.email.sendBulk(
      { recipients: ['a@example.com'], subject: 'News', body: 'Hello' },
      { id: 'young' },
    );
    expect(await get(`/v1/emails/bulk/${group_id}/outcomes`)).toEqual({
      status: 200,
      body: { items: [], nextCursor: null },
    });
    await house.temporal.client.workflow.getHandle(group_id).terminate();
  });
});

describe('an import whose run is gone', () => {
  const statusOf = async (id: string): Promise<unknown> => {
    const { rows } = await house.test.db.query<{ status: string }>('select status from imports where id = $1', [id]);
    return rows[0]?.status;
  };

  it('stays what it was when it had ended', async () => {
    const source = await imports.upload('a,b\n1,2\n');
    const id = await withWorkers(async () => {
      const job = await client.imports.start({ source }, { id: 'forgotten' });
      await job.result(inMs);
      return job.id;
    });
    const before = await get(`/v1/imports/${id}`);
    await forget(id);
    expect(await get(`/v1/imports/${id}`)).toEqual(before);
    expect(await perennial('imports', 'status', id)).toMatchObject({ code: 0, json: { status: 'finished' } });
    expect(await statusOf(id)).toBe('finished');
  });

  it('is gone when it was under way, and not found without a row', async () => {
    const id = 'import-under-way';
    await house.test.db.query(
      `insert into imports (id, run, input, source, schema, dry_run) values ($1, $2, '{}', 'upload', 'records', false)`,
      [id, randomUUID()],
    );
    expect(await get(`/v1/imports/${id}`)).toMatchObject({ status: 200, body: { status: 'gone' } });
    expect(await perennial('imports', 'status', id)).toMatchObject({ code: 1, json: { status: 'gone' } });
    expect(await statusOf(id)).toBe('gone');
    expect(await get('/v1/imports/import-nobody')).toMatchObject({ status: 404 });
    expect(await perennial('imports', 'status', 'import-nobody')).toMatchObject({ code: 1, json: {} });
  });
});

describe('a batch whose run is gone', () => {
  it('shows its outcomes when it had ended, followed or not', async () => {
    const id = 'batch-ocr-forgotten';
    const batches = createBatchStore(house.test.db);
    await batches.open(id, {} as never);
    await batches.addItems(id, [{ position: 0, documentId: null, name: 'lost.png' }]);
    await house.test.db.query(`update batch_items set outcome = 'missing' where batch_id = $1`, [id]);
    await batches.finish(id, 'finished');
    const api = await get(`/v1/batches/${id}`);
    expect(api).toMatchObject({ status: 200, body: { status: 'completed', progress: { total: 1, missing: 1 } } });
    const counts = { id, status: 'completed', total: 1, missing: 1 };
    expect(await perennial('status', id)).toMatchObject({ code: 1, json: counts, stderr: '' });
    expect(await perennial('status', id, '--follow')).toMatchObject({ code: 1, json: counts, stderr: '' });
  });
});

describe('a report whose run is gone', () => {
  it('stays in the list, with its file', async () => {
    const reportId = '00000000-0000-8000-a000-000000000001';
    const plan = {
      reportId,
      kind: 'monthly',
      title: 'Monthly Report',
      subject: 'Monthly Report',
      userId: null,
      period: periodCalendar.range('2026-10-01', '2026-10-31', 'Europe/Berlin'),
      fileName: 'monthly-report.pdf',
      link: 'http://example.com/reports/x',
    } as const;
    const file = scriptedRef('reports/files');
    await ports().reports.save({ plan, file, mediaType: 'application/pdf', charts: [], documents: 3 });
    expect(await get(`/v1/reports/${reportId}`)).toMatchObject({ status: 200, body: { documents: 3 } });
    expect(await get('/v1/reports')).toMatchObject({ body: { items: [{ id: reportId }] } });
    expect((await perennial('report', 'list')).json).toMatchObject({ reports: [{ id: reportId }] });
    expect(await get('/v1/reports/00000000-0000-8000-a000-000000000002')).toMatchObject({ status: 404 });
  });
});

describe('a canvas whose run is gone', () => {
  it('is found by nobody, and its id may be used again', async () => {
    const steps = chain(call('samples.addOne', { data: 1 }), call('samples.addOne'));
    await withWorkers(async () => {
      const { id } = await client.canvas.runJson(steps, { id: 'forgotten' });
      await client.canvas.get(id).result(inMs);
      await forget(id);
      for (const path of ['', '/result', '/tree'])
        expect(await get(`/v1/canvas/${encodeURIComponent(id)}${path}`)).toMatchObject({ status: 404 });
      expect(await get(`/v1/tasks/${encodeURIComponent(id)}`)).toMatchObject({ status: 404 });
      for (const words of [
        ['canvas', 'status'],
        ['canvas', 'tree'],
        ['tasks', 'status'],
      ])
        expect(await perennial(...words, id)).toMatchObject({ code: 1, json: {} });
      const again = await client.canvas.runJson(steps, { id: 'forgotten' });
      expect(await again.result(inMs)).toBe(3);
    });
  });
});
