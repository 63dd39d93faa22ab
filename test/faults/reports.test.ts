/** Really kills processes in each step of the report pipeline; afterwards there is one row and one mail. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobHandle } from '../../client/index.ts';
import type { ReportSent } from '../../contracts/reports.ts';
import { addDocuments } from '../support/report-rows.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const WORKERS = ['worker-1', 'worker-2'];
let world: TestStack;
let connection: Connection;
let temporal: Client;

beforeAll(async () => {
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker'],
    workers: WORKERS.map((name) => ({ name, fleet: 'all' })),
    env: { OCR_PROCESSES: '1' },
  });
  connection = await Connection.connect({ address: world.stack.addresses.temporal });
  temporal = new Client({ connection });
  await world.database.query(`insert into users (id, email) values ('ann', 'ann@example.com')`);
  await addDocuments(
    world.database,
    Array.from({ length: 200 }, (_, n) => ({
      createdAt: new Date(Date.UTC(2026, 9, 1) + n * 3_600_000).toISOString(),
      userId: 'ann',
      status: n % 9 === 0 ? ('failed' as const) : ('completed' as const),
    })),
  );
});
afterAll(async () => {
  await connection.close();
  await world.stop();
});

interface Case {
  readonly job: JobHandle<ReportSent>;
  readonly email: string;
}

let cases = 0;

/** A report of its own for each case: another period, another reader. */
async function startReport(): Promise<Case> {
  cases += 1;
  const email = `reader-${cases}@example.com`;
  const end = `2026-10-${String(10 + cases)}`;
  return { job: await world.client.reports.run('2026-10-01', end, { userId: 'ann', email }), email };
}

function pidOf(name: string): number {
  const pid = world.stack.processes[name]?.pid;
  if (pid === undefined) throw new TypeError(`expected ${name} to run`);
  return pid;
}

function killWorkers(): void {
  for (const name of WORKERS) process.kill(pidOf(name), 'SIGKILL');
}

/** Holds everybody off a table, so that the step that needs it is surely under way when it is killed. */
async function lockTable(table: 'users' | 'documents' | 'reports' | 'mail_messages'): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: world.stack.addresses.database });
  client.on('error', () => undefined); // the server may be killed while we hold the lock
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in access exclusive mode`);
  return () => client.end().catch(() => undefined);
}

/** Waits until an activity of this name is running. */
async function untilStep({ job }: Case, step: string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 5) {
    const { raw } = await temporal.workflow.getHandle(job.id).describe();
    if (raw.pendingActivities?.some((pending) => pending.activityType?.name === step && pending.lastStartedTime))
      return;
    if (raw.workflowExecutionInfo?.closeTime)
      throw new TypeError(`expected the report to reach ${step} before it ended`);
    await sleep(5);
  }
  throw new TypeError(`expected the report to reach ${step} within 60 s, it did not`);
}

interface Listed {
  readonly messages: readonly { readonly to: readonly string[]; readonly copies: number }[];
}

async function expectOnce({ job, email }: Case): Promise<void> {
  const { status, report_id: id } = await job.result({ timeoutMs: 240_000 });
  expect(status).toBe('sent');
  const { rows } = await world.database.query(
    `select r.status, (select count(*)::int from reports where period_until = r.period_until) as rows,
       (select count(*)::int from mail_messages where message_key like 'report-' || r.id || '-%' and state = 'sent') as mails
     from reports r where id = $1`,
    [id],
  );
  expect(rows).toEqual([{ status: 'sent', rows: 1, mails: 1 }]);
  const response = await fetch(`${world.stack.addresses.inbox ?? ''}/messages?limit=1000`);
  const { messages } = (await response.json()) as Listed; // what the inbox gives
  expect(messages.filter(({ to }) => to.includes(email))).toMatchObject([{ copies: 1 }]);
}

describe('IDEM-4 REPORT-6 one report, one row, one mail', () => {
  it.each([
    ['reports.planReport', 'users'],
    ['reports.fetchAnalytics', 'documents'],
    ['reports.generateCharts', undefined],
    ['reports.generatePdf', undefined],
    ['reports.saveReport', 'reports'],
    ['email.send', 'mail_messages'],
  ] as const)('when all workers are killed in the step %s', async (step, table) => {
    const release = table === undefined ? undefined : await lockTable(table);
    const report = await startReport();
    await untilStep(report, step);
    killWorkers();
    await release?.();
    await expectOnce(report);
  });

  it('when all workers are killed after the mail has left, before that is noted', async () => {
    const releaseMail = await lockTable('mail_messages');
    const report = await startReport();
    await untilStep(report, 'email.send');
    const releaseReports = await lockTable('reports');
    await releaseMail();
    await untilStep(report, 'reports.noteReportSent');
    killWorkers();
    await releaseReports();
    await expectOnce(report);
  });

  it('when PostgreSQL is killed in the middle of saving', async () => {
    const release = await lockTable('reports');
    const report = await startReport();
    await untilStep(report, 'reports.saveReport');
    const before = pidOf('postgres');
    process.kill(before, 'SIGKILL');
    await release();
    await expectOnce(report);
    expect(pidOf('postgres')).not.toBe(before);
  });

  it('when the same report is asked for again after all that', async () => {
    const report = await startReport();
    await expectOnce(report);
    cases -= 1;
    await expectOnce(await startReport());
  });
});
