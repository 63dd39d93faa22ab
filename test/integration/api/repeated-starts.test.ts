/** Starts whose process dies before it has stored its answer, on a real server: the repetition finds what was started. */
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectPerennial, type PerennialClient } from '../../../client/index.ts';
import { testApi } from '../../support/fakes/api.ts';
import { freshKey } from '../../support/keyed-routes.ts';
import { startTestTemporal, type TestTemporal } from '../../support/temporal.ts';

let temporal: TestTemporal;
let client: PerennialClient;
beforeAll(async () => {
  temporal = await startTestTemporal();
  client = await connectPerennial(temporal.endpoint);
});
afterAll(async () => {
  await client.close();
  await temporal.stop();
});

/** An API that starts real runs. */
const api = () => testApi({}, { reports: client.reports, housekeeping: client.housekeeping });

async function ask(app: ReturnType<typeof api>['app'], path: string, key: string, body: object) {
  const headers = { prefer: 'respond-async', 'idempotency-key': key };
  return request(app).post(path).set(headers).send(body);
}

async function runsOf(id: string): Promise<number> {
  const { count } = await temporal.client.workflow.count(`WorkflowId = '${id}'`);
  return count;
}

test.each([
  ['a report of the day before', '/v1/reports', { kind: 'daily' }, { kind: 'weekly' }],
  ['a report on a day', '/v1/reports', { kind: 'daily', date: '2026-01-31' }, { kind: 'daily', date: '2026-01-30' }],
  ['a run of housekeeping', '/v1/housekeeping/cleanupTempFiles', { dryRun: true }, { dryRun: false }],
  ['a check of health', '/v1/housekeeping/checkHealth', {}, { dryRun: true }],
])(
  '%s is started once, although its first answer was lost, and another key starts another',
  async (_name, path, body, other) => {
    const key = freshKey();
    // Two processes that share nothing: the first one has died with what it knew.
    const first = await ask(api().app, path, key, body);
    const again = await ask(api().app, path, key, body);
    expect([first.status, again.status]).toEqual([202, 202]);
    const { id } = first.body as { id: string };
    expect(again.body).toEqual(first.body);
    await expect.poll(() => runsOf(id)).toBe(1);
    const third = await ask(api().app, path, freshKey(), body);
    expect(third.body).not.toEqual(first.body);
    expect((await ask(api().app, path, key, other)).body).not.toEqual(first.body);
  },
);
