import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import { periodCalendar } from '../../../services/reports/period.ts';
import { testCli, type TestCli } from '../../support/fakes/cli.ts';

const id = '00000000-0000-8000-a000-000000000001';

async function cliWithReport(cwd?: string): Promise<TestCli> {
  const cli = testCli(false, cwd);
  cli.reports.rows.set(id, {
    view: {
      id,
      kind: 'user',
      title: 'Activity Report',
      userId: 'ann',
      period: periodCalendar.range('2026-10-01', '2026-10-31', 'UTC'),
      status: 'ready',
      documents: 7,
      fileName: 'report.pdf',
      mediaType: 'application/pdf',
      size: 3,
      createdAt: '2026-11-01T00:00:00.000Z',
      sentAt: null,
    },
    file: await cli.blobs.put('reports/files', Buffer.from('PDF')),
    charts: [],
  });
  return cli;
}

test.each([
  [['daily'], { kind: 'daily' }],
  [['weekly', '--date', '2026-10-05'], { kind: 'weekly', date: '2026-10-05' }],
  [
    ['monthly', '--email', 'a@b.example', '--time-zone', 'Europe/Berlin'],
    { kind: 'monthly', email: 'a@b.example', timeZone: 'Europe/Berlin' },
  ],
  [
    ['user', 'ann', '2026-10-01', '2026-10-31'],
    { kind: 'user', userId: 'ann', start: '2026-10-01', end: '2026-10-31' },
  ],
  [
    ['run', '2026-10-01', '2026-10-31', '--user', 'ann'],
    { kind: 'period', start: '2026-10-01', end: '2026-10-31', userId: 'ann' },
  ],
  [
    ['export', '2026-10-01', '2026-10-31', '--all', '--format', 'csv', '--email', 'a@b.example'],
    { kind: 'export', userId: null, start: '2026-10-01', end: '2026-10-31', format: 'csv', email: 'a@b.example' },
  ],
])('perennial report %j starts %j and tells what came of it', async (args, input) => {
  const cli = testCli();
  cli.client.jobResult = () => Promise.resolve({ status: 'sent', report_id: id });
  const { code, stdout } = await cli.run('report', ...args, '--wait');
  expect(code).toBe(0);
  expect(stdout).toContain(id);
  expect(cli.client.asked[0]).toEqual(['reports.start', input]);
});

test('REPORT-4 a report of the calendar says which days it is about', async () => {
  const cli = testCli();
  const period = { start: '2026-11-01', end: '2026-11-30' };
  cli.client.jobResult = () => Promise.resolve({ workflow_id: 'report-monthly-1', period });
  expect((await cli.run('report', 'monthly', '--wait')).stdout).toMatch(/period +2026-11-01 to 2026-11-30/);
});

test('without --wait it is only started, --json prints JSON', async () => {
  const { code, stdout } = await testCli().run('report', 'daily', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ id: expect.stringMatching(/^report-/) as string });
});

test('SEC-3 an export names whose rows leave: a user, or everybody, never neither or both', async () => {
  const base = ['report', 'export', '2026-10-01', '2026-10-31', '--format', 'csv', '--email', 'a@b.example'];
  for (const more of [[], ['--all', '--user', 'ann']]) {
    const cli = testCli();
    const { code, stderr } = await cli.run(...base, ...more);
    expect(code).toBe(2);
    expect(stderr).toContain('--user ID');
    expect(cli.client.asked).toEqual([]);
  }
});

test('a report that fails says why and what to do', async () => {
  const cli = testCli();
  cli.client.jobResult = () =>
    Promise.reject(new PerennialError('UserNotFound', "userId: expected a known user, got 'x'"));
  const { code, stderr } = await cli.run('report', 'user', 'x', '2026-10-01', '2026-10-31', '--wait');
  expect(code).toBe(1);
  expect(stderr).toContain("got 'x'");
  expect(stderr).toContain('Check the id');
});

test('lists reports', async () => {
  const cli = await cliWithReport();
  const { code, stdout } = await cli.run('report', 'list', '--user', 'ann');
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`${id} +Activity Report +ann +2026-10-01 to 2026-10-31 +7 +ready`));
  expect(JSON.parse((await cli.run('report', 'list', '--kind', 'daily', '--json')).stdout)).toEqual({
    reports: [],
    next: null,
  });
});

test('writes the file of a report, and says when there is none', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-cli-reports-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const cli = await cliWithReport(folder);
  expect((await cli.run('report', 'get', id, '--file', 'out.pdf')).code).toBe(0);
  expect(readFileSync(path.join(folder, 'out.pdf'), 'utf8')).toBe('PDF');
  expect((await cli.run('report', 'get', id)).stdout).toBe('PDF');
  const missing = await cli.run('report', 'get', id.replace('1', '2'));
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('No report has the id') as string]);
});
