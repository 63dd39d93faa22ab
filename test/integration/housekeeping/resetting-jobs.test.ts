/** Imports and reports that an operator reset with Temporal's own command, also after their end. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../../activities/shell/activity.ts';
import { connectPerennial, type PerennialClient } from '../../../client/index.ts';
import { importWorkflows } from '../../../contracts/imports/vocabulary.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { reportWorkflows, type ReportSent } from '../../../contracts/reports/vocabulary.ts';
import { createImportRecords } from '../../../services/imports/storing/records.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { reportWorld, type ReportWorld } from '../../support/reports/world.ts';
import { startHouse, type House } from './house.ts';
import { readers, READ_FILES } from './reading-rows.ts';
import { before, gate, reset, type Gate } from './resets.ts';

const inMs = { timeoutMs: 60_000 };

let house: House;
let client: PerennialClient;
let imports: ImportWorld;
let reports: ReportWorld;
let server: Server;
let base: string;
beforeAll(async () => {
  house = await startHouse();
  reports = await reportWorld();
  imports = await importWorld(house.test.db, { rangeBytes: 400, batchRecords: 5 });
  client = await connectPerennial({ ...house.temporal.endpoint, importRecords: createImportRecords(house.test.db) });
  server = createServer((request, response) => response.end(usersOf(request.url ?? ''))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(async () => {
  server.close();
  await client.close();
  await imports.close();
  await reports.stop();
  await house.stop();
});

/** Twenty users whose ids begin with this. */
const usersOf = (name: string): string =>
  `id,email,name,time_zone\n${Array.from({ length: 20 }, (_, n) => `${name}${String(n)},u${String(n)}${name.replace(/\W/g, '')}@example.com,"Name",UTC\n`).join('')}`;

const saved = async (prefix: string): Promise<number> => {
  const { rows } = await house.test.db.query<{ n: number }>(
    'select count(*)::int as n from users where starts_with(id, $1)',
    [prefix],
  );
  return rows[0]?.n ?? 0;
};

const withWorkers = <T>(activities: Activities, held: Gate, body: () => Promise<T>): Promise<T> =>
  house.temporal.withWorkers({ ...house.activities, ...activities }, () => body().finally(held.open));

const resultOf = (id: string, runId: string): Promise<unknown> =>
  house.temporal.client.workflow.getHandle(id, runId).result();

describe('an import that had ended', () => {
  it.each(['first', 'last'] as const)('of an upload, reset to its %s task, ends as it did', async (point) => {
    await withWorkers(imports.activities, gate(), async () => {
      const source = await imports.upload(`${usersOf(`up-${point}-`)}bad,bad,bad,bad\n`);
      const job = await client.imports.start({ source, schema: 'users' }, { id: `upload-${point}` });
      const result = await job.result(inMs);
      expect(result).toMatchObject({ read: 21, saved: 20, rejected: 1, status: 'partial' });
      const runId = await reset(house.temporal, job.id, point);
      expect(await resultOf(job.id, runId)).toEqual(result);
      expect(await client.imports.view(job.id)).toMatchObject({ status: 'finished', saved: 20, rejected: 1 });
      expect(await saved(`up-${point}-`)).toBe(20);
      expect(await imports.leftovers()).toEqual([]);
    });
  });

  it.each(['first', 'last'] as const)(
    'and had started a batch, reset to its %s task, starts no other',
    async (point) => {
      const held = gate();
      held.open();
      const reading = readers({ test: house.test, blobs: imports.blobs }, held);
      await withWorkers({ ...imports.activities, ...reading.activities }, held, async () => {
        const source = await imports.upload(`path\n${READ_FILES.map((file) => `${file}?${point}\n`).join('')}`);
        const job = await client.imports.start({ source, schema: 'documents', startOcr: true }, { id: `ocr-${point}` });
        const { batchId = '', ...result } = await job.result(inMs);
        expect(await client.documents.getBatch(batchId).result(inMs)).toMatchObject({ saved: 6 });
        const runId = await reset(house.temporal, job.id, point);
        expect(await resultOf(job.id, runId)).toEqual({ ...result, batchId });
        expect(await client.documents.getBatch(batchId).result(inMs)).toMatchObject({ total: 6, saved: 6 });
        expect(reading.read).toHaveLength(6);
      });
    },
  );
});

describe('the import of addresses', () => {
  const sources = (name: string) =>
    ['a', 'b'].map((part) => ({ url: `${base}/${name}-${part}-`, schema: 'users' as const }));
  const start = async (name: string): Promise<string> => {
    const options = { taskQueue: queues.workflows, workflowId: `sync-${name}`, args: [] };
    await house.temporal.client.workflow.start(importWorkflows.syncExternalData, options);
    return options.workflowId;
  };
  const listing = (name: string): Activities => ({
    ...imports.activities,
    'imports.listSyncSources': () => Promise.resolve({ sources: sources(name) }),
  });
  const ended = { status: 'synchronised', sources: [{ outcome: { ok: true } }, { outcome: { ok: true } }] };

  it.each(['first', 'last'] as const)('reset to its %s task in the middle of the second goes on', async (point) => {
    const name = `middle-${point}`;
    const held = gate();
    let saves = 0;
    const activities = before(listing(name), 'imports.save', () =>
      (saves += 1) > 3 ? held.pass() : Promise.resolve(),
    );
    await withWorkers(activities, held, async () => {
      const id = await start(name);
      await held.reached;
      const runId = await reset(house.temporal, id, point);
      held.open();
      expect(await resultOf(id, runId)).toMatchObject(ended);
      expect(await saved(`/${name}-`)).toBe(40);
    });
  });

  it.each(['first', 'last'] as const)('reset to its %s task after its end ends again', async (point) => {
    const name = `ended-${point}`;
    await withWorkers(listing(name), gate(), async () => {
      const id = await start(name);
      expect(await house.temporal.client.workflow.getHandle(id).result()).toMatchObject(ended);
      const runId = await reset(house.temporal, id, point);
      expect(await resultOf(id, runId)).toMatchObject(ended);
      expect(await saved(`/${name}-`)).toBe(40);
    });
  });
});

describe('a report', () => {
  const period = { first: ['2026-10-01', '2026-10-10'], last: ['2026-10-11', '2026-10-20'] } as const;
  const start = async (id: string, point: 'first' | 'last'): Promise<void> => {
    const options = { taskQueue: queues.workflows, workflowId: id, args: [...period[point]] };
    await house.temporal.client.workflow.start(reportWorkflows.reportPipeline, options);
  };

  it.each(['first', 'last'] as const)('that is being sent, reset to its %s task, is sent once', async (point) => {
    const held = gate();
    reports.smtp.received.length = 0;
    const activities = before(reports.activities, 'reports.saveReport', () => held.pass());
    await withWorkers(activities, held, async () => {
      const id = `report-${point}`;
      await start(id, point);
      await held.reached;
      const runId = await reset(house.temporal, id, point);
      held.open();
      const sent = (await resultOf(id, runId)) as ReportSent; // what the workflow returns
      expect(sent.status).toBe('sent');
      const again = await reset(house.temporal, id, point);
      expect(await resultOf(id, again)).toEqual(sent);
      expect(reports.smtp.received).toHaveLength(1);
      expect(await reports.reports.view(sent.report_id)).toMatchObject({ status: 'sent' });
    });
  });
});
