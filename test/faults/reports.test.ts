/** Really kills processes in each step of the report pipeline; afterwards there is one row and one mail. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobHandle } from '../../client/index.ts';
import type { ReportSent } from '../../contracts/reports/vocabulary.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { addDocuments } from '../support/reports/rows.ts';
import { startTestStack, type TestStack } from '../support/servers/stack.ts';

const WORKERS = ['worker-1', 'worker-2'];
let world: TestStack;
let faults: Faults;

beforeAll(async () => {
  world = await startTestStack({
    components: ['temporal', 'postgres', 'inbox', 'worker'],
    workers: WORKERS.map((name) => ({ name, fleet: 'all' })),
    env: { OCR_PROCESSES: '1' },
  });
  faults = await createFaults(world);
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
  await faults.close();
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

interface Listed {
  readonly messages: readonly { readonly to: readonly string[]; readonly copies: number }[];
}

async function expectOnce({ job, email }: Case): Promise<void> {
  const { status, report_id: id } = await job.result({ timeoutMs: 240_000 });
  expect(status).toBe('sent');
  const { rows } = await world.database.query(
    `select r.status, (select count(*)::int from reports where period_until = r.period_until) as rows,
       (select count(*)::int from email_messages where message_key like 'report-' || r.id || '-%' and state = 'sent') as emails
     from reports r where id = $1`,
    [id],
  );
  expect(rows).toEqual([{ status: 'sent', rows: 1, emails: 1 }]);
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
    ['email.send', 'email_messages'],
  ] as const)('when all workers are killed in the step %s', async (step, table) => {
    const release = table === undefined ? undefined : await faults.lockTable(table);
    const report = await startReport();
    await faults.untilStep(report.job.id, step);
    faults.kill(...WORKERS);
    await release?.();
    await expectOnce(report);
  });

  it('when all workers are killed after the mail has left, before that is noted', async () => {
    const releaseEmail = await faults.lockTable('email_messages');
    const report = await startReport();
    await faults.untilStep(report.job.id, 'email.send');
    const releaseReports = await faults.lockTable('reports');
    await releaseEmail();
    await faults.untilStep(report.job.id, 'reports.noteReportSent');
    faults.kill(...WORKERS);
    await releaseReports();
    await expectOnce(report);
  });

  it('when PostgreSQL is killed in the middle of saving', async () => {
    const release = await faults.lockTable('reports');
    const report = await startReport();
    await faults.untilStep(report.job.id, 'reports.saveReport');
    const before = faults.pidOf('postgres');
    faults.kill('postgres');
    await release();
    await expectOnce(report);
    expect(faults.pidOf('postgres')).not.toBe(before);
  });

  it('when the same report is asked for again after all that', async () => {
    const report = await startReport();
    await expectOnce(report);
    cases -= 1;
    await expectOnce(await startReport());
  });
});
