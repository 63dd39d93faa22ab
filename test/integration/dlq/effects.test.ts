/**
 * Redrives of the pipelines of the product with their real activities: each fails in its middle, some after they have done
 * what they then do not tell. Afterwards every mail has been sent once, and every row is there once.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documentWorkflowId } from '../../../contracts/documents/vocabulary.ts';
import type { ReportSent } from '../../../contracts/reports/vocabulary.ts';
import { createUserStore } from '../../../services/users/postgres.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { reportWorld, type ReportWorld } from '../../support/reports/world.ts';
import { READ_FILES, readers } from '../housekeeping/reading-rows.ts';
import { gate } from '../housekeeping/resets.ts';
import { type Breakable, breakable, type Breaking, failed, ofDeadLetters, redriven } from './redriving.ts';
import { useDeadLetters } from './world.ts';

const shared = useDeadLetters();
let reports: ReportWorld;
let imports: ImportWorld;
let reading: ReturnType<typeof readers>;
beforeAll(async () => {
  const { database } = shared.world;
  reports = await reportWorld();
  imports = await importWorld(database.db, { rangeBytes: 400, batchRecords: 5 });
  const open = gate();
  open.open();
  reading = readers({ test: database, blobs: imports.blobs }, open);
});
afterAll(async () => {
  await imports.close();
  await reports.stop();
});
beforeEach(() => {
  reports.smtp.received.length = 0;
  reading.read.length = 0;
});

/** The activities of all these domains, one of which is broken. */
function broken(breaking: Breaking): Breakable {
  const world = breakable({ ...reports.activities, ...imports.activities, ...reading.activities }, breaking);
  Object.assign(world.activities, ofDeadLetters(shared.world, filesOfAll));
  return world;
}

/** Runs a pipeline until it has failed, mends it and redrives it; returns what was called again, and what it gave. */
async function redrivenAfter(workflow: string, args: readonly unknown[], breaking: Breaking) {
  const world = broken(breaking);
  return shared.world.temporal.withWorkers(world.activities, async () => {
    const id = await failed(shared.world, workflow, args);
    return { id, ...(await redriven(shared.world, world, id)) };
  });
}

/** Both domains keep files of their own. */
const filesOfAll: Parameters<typeof ofDeadLetters>[1] = {
  openRange: (ref, start, end) =>
    imports.blobs.openRange(ref, start, end).catch(() => reports.blobs.openRange(ref, start, end)),
};

/** Everybody who was sent something, in order; twice who was sent it twice. */
const told = (): readonly string[] => reports.smtp.received.map(({ to }) => to).sort();

const addresses = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, n) => `${name}${String(n).padStart(4, '0')}@example.com`);

/** How often each task was called, without the name of its domain. */
function timesOf(calls: readonly string[]): Readonly<Record<string, number>> {
  const times: Record<string, number> = {};
  for (const call of calls) {
    const name = call.replace(/^.*\./, '');
    times[name] = (times[name] ?? 0) + 1;
  }
  return times;
}

const count = async (query: string, values: readonly unknown[]): Promise<number> => {
  const { rows } = await shared.world.database.db.query<{ n: number }>(query, [...values]);
  return rows[0]?.n ?? 0;
};

it('DLQ-4 IDEM-4 the redrive of a bulk whose second chunk was sent writes to each recipient once', async () => {
  const recipients = addresses(501, 'recipient');
  const breaking = { failing: 'email.sendBulkChunk', call: 2, afterwards: true };
  const { calls, result } = await redrivenAfter(
    'sendBulkEmails',
    [{ subject: 'News', body: 'Hi', recipients }],
    breaking,
  );
  expect(result).toMatchObject({ status: 'finished', total_emails: 501, sent: 501, failed: 0, pending: 0 });
  expect(calls).toEqual(['email.sendBulkChunk', 'email.finishBulk']);
  expect(told()).toEqual(recipients);
});

describe('DLQ-4 IDEM-4 the redrive of a mailing to all users', () => {
  const users = addresses(501, 'user');
  beforeAll(() =>
    createUserStore(reports.test.db).put(
      users.map((email, n) => ({ id: `u-${String(n).padStart(4, '0')}`, email, lastActiveAt: '2026-01-01T00:00:00Z' })),
    ),
  );

  it.each([
    { workflow: 'sendWeeklyDigest', failing: 'email.sendDigests' },
    { workflow: 'sendInactiveReminders', failing: 'email.sendReminders' },
  ])('$workflow, whose second slice was sent, tells each user once', async ({ workflow, failing }) => {
    const { calls, result } = await redrivenAfter(workflow, [], { failing, call: 2, afterwards: true });
    expect(result).toMatchObject({ status: 'finished', users: 501, sent: 501, failed: 0 });
    expect(calls).toEqual([failing]);
    expect(told()).toEqual(users);
  });
});

describe('DLQ-4 IDEM-4 the redrive of a batch', () => {
  it.each([
    {
      name: 'that could not save what it had read',
      breaking: { failing: 'documents.saveDocuments' },
      again: { prepareBatch: 1, nextItems: 1, saveDocuments: 1, summariseBatch: 1 },
    },
    {
      name: 'whose results were saved',
      breaking: { failing: 'documents.saveDocuments', afterwards: true },
      again: { prepareBatch: 1, nextItems: 1, summariseBatch: 1 },
    },
  ])('$name reads each document once', async ({ name, breaking, again }) => {
    const paths = READ_FILES.map((file) => `${file}?${name.replaceAll(' ', '-')}`);
    const { id, calls, result } = await redrivenAfter('batchOcr', [{ paths }], breaking);
    expect(result).toMatchObject({ total: 6, saved: 6, failed: 0, pending: 0 });
    expect(timesOf(calls)).toEqual(again);
    expect(reading.read.toSorted()).toEqual(paths);
    expect(await count('select count(*)::int as n from batch_items where batch_id = $1', [id])).toBe(6);
    expect(
      await count(`select count(*)::int as n from documents where file_path = any ($1) and status = 'completed'`, [
        paths,
      ]),
    ).toBe(6);
  });
});

const usersOf = (name: string): string =>
  `id,email,name,time_zone\n${Array.from({ length: 20 }, (_, n) => `${name}-${String(n)},${name}${String(n)}@example.com,"Name",UTC\n`).join('')}`;

describe('DLQ-4 IDEM-4 the redrive of an import', () => {
  const everyTime = { download: 1, parse: 1, finish: 1, cleanup: 1 };

  it.each([
    {
      name: 'a range of which was saved',
      breaking: { failing: 'imports.save', call: 2, afterwards: true },
      again: { ...everyTime, save: 3 },
    },
    { name: 'the file of which was not removed', breaking: { failing: 'imports.cleanup' }, again: everyTime },
  ])('$name saves each row once', async ({ name, breaking, again }) => {
    const prefix = name.replaceAll(' ', '');
    const source = await imports.upload(`${usersOf(prefix)}bad,bad,bad,bad\n`);
    const { calls, result } = await redrivenAfter('dataImport', [{ source, schema: 'users', window: 1 }], breaking);
    expect(timesOf(calls)).toEqual(again);
    expect(result).toMatchObject({ read: 21, saved: 20, rejected: 1, status: 'partial' });
    expect(await count('select count(*)::int as n from users where starts_with(id, $1)', [prefix])).toBe(20);
    expect(await imports.leftovers()).toEqual([]);
  });

  it('whose list of documents was written starts one batch', async () => {
    const paths = READ_FILES.map((file) => `${file}?imported`);
    const source = await imports.upload(['path', ...paths, ''].join('\n'));
    const input = { source, schema: 'documents', startOcr: true };
    const world = broken({ failing: 'imports.cleanup' });
    await shared.world.temporal.withWorkers(world.activities, async () => {
      const id = await failed(shared.world, 'dataImport', [input]);
      const { result } = await redriven(shared.world, world, id);
      expect(result).toMatchObject({ saved: 6, batchId: documentWorkflowId('batchOcr', id) });
      await shared.world.temporal.client.workflow.getHandle(documentWorkflowId('batchOcr', id)).result();
      expect(reading.read.toSorted()).toEqual(paths);
    });
  });
});

describe('DLQ-4 IDEM-4 the redrive of a report', () => {
  it.each([
    { failing: 'reports.saveReport', again: ['reports.saveReport', 'email.send', 'reports.noteReportSent'] },
    { failing: 'email.send', again: ['email.send', 'reports.noteReportSent'] },
  ])('after $failing was done sends one mail and keeps one report', async ({ failing, again }) => {
    const args = [`2026-0${String(1 + again.length)}-01`, `2026-0${String(1 + again.length)}-20`];
    const { calls, result } = await redrivenAfter('reportPipeline', args, { failing, afterwards: true });
    expect(calls).toEqual(again);
    expect(told()).toEqual(['admin@example.com']);
    const { report_id: report } = result as ReportSent; // what the workflow gives
    const { rowCount } = await reports.test.db.query('select from reports where id = $1', [report]);
    expect(rowCount).toBe(1);
    expect(await reports.reports.view(report)).toMatchObject({ status: 'sent' });
  });
});
