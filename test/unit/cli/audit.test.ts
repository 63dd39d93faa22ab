/** `perennial audit` and `GET /v1/audit`: how they ask, what they show, and how they end. */
import request from 'supertest';
import { expect, test } from 'vitest';
import type { AuditDifference } from '../../../client/index.ts';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';

const lost: AuditDifference = {
  kind: 'failure without a letter',
  id: 'order-17',
  workflowId: 'order-17',
  detail: 'the run failed, and no letter tells of it',
  remedy: 'Start a worker.',
};

test('audit ends with 0 and says so when nothing is lost', async () => {
  const cli = testCli();
  const { code, stdout } = await cli.run('audit', '--since', '2026-01-01', '--grace', '0');
  expect(code).toBe(0);
  expect(stdout).toContain('7 runs since 2026-01-01T00:00:00.000Z');
  expect(stdout).toContain('4 completed, 1 alive, 1 failed, 1 stopped');
  expect(stdout).toContain('nothing is lost');
  expect(cli.client.asked[0]).toMatchObject(['audit', { since: '2026-01-01', graceSeconds: 0, limit: 1_000 }]);
});

test('audit ends with 1 for any difference, and names it with what to do', async () => {
  const cli = testCli();
  cli.client.audit.differences = [lost, lost];
  const table = await cli.run('audit', '--limit', '1');
  expect(table.code).toBe(1);
  expect(table.stdout).toMatch(/failure without a letter +order-17 +the run failed.*Start a worker/);
  expect(table.stdout).toContain('and 1 more');
  const json = await cli.run('audit', '--json');
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ runs: { accepted: 7 }, differences: [lost, lost], leftOff: 0 });
  expect((await cli.run('audit', '--grace', 'soon')).code).toBe(2);
});

test('GET /v1/audit asks the same, and refuses what is no number', async () => {
  const api = testApi();
  api.client.audit.differences = [lost];
  const answer = await request(api.app).get('/v1/audit?grace=5&limit=10&since=2026-01-01T00:00:00Z');
  expect([answer.status, answer.body]).toMatchObject([200, { differences: [lost], leftOff: 0 }]);
  expect(api.client.asked.at(-1)).toMatchObject([
    'audit',
    { since: '2026-01-01T00:00:00.000Z', graceSeconds: 5, limit: 10 },
  ]);
  expect((await request(api.app).get('/v1/audit?grace=soon')).status).toBe(400);
});
