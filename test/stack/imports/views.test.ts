/** What was imported and what was refused, over HTTP on the whole product. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportView } from '../../../contracts/imports/view.schema.ts';
import { importWorkflows } from '../../../contracts/imports/vocabulary.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';

let world: TestStack;
let connection: Connection;
let temporal: Client;

beforeAll(async () => {
  world = await startTestStack({ components: ['temporal', 'postgres', 'worker', 'api'] });
  connection = await Connection.connect({ address: world.stack.addresses.temporal });
  temporal = new Client({ connection });
});
afterAll(async () => {
  await connection.close();
  await world.stop();
});

const get = (route: string): Promise<Response> => fetch(`${world.stack.addresses.api}${route}`);
const viewOf = async (id: string): Promise<ImportView> => (await (await get(`/v1/imports/${id}`)).json()) as ImportView; // the schema of the route

/** Starts an import past the client, which would have refused the input; waits for its end. */
async function startUnchecked(id: string, ...args: readonly unknown[]): Promise<void> {
  const handle = await temporal.workflow.start(importWorkflows.dataImport, {
    workflowId: `import-${id}`,
    taskQueue: queues.workflows,
    args: [...args],
  });
  await handle.result().catch(() => undefined);
}

describe('an import that is refused at its start', () => {
  it.each<[string, unknown, Partial<ImportView>]>([
    [
      'a wrong option',
      { source: { path: '/in/users.csv' }, schema: 'users', delimiter: 'letters', skipLines: 2, dryRun: true },
      { schema: 'users', source: '/in/users.csv', options: { skipLines: 2 }, dryRun: true },
    ],
    [
      'an address that is none',
      { source: { url: 'ftp://user:secret@example.com/a.csv?key=1' } },
      { schema: 'records', source: 'ftp://example.com/a.csv', options: {} },
    ],
    ['an input of another kind', { source: 7, schema: ['x'] }, { schema: 'records', source: '', options: {} }],
  ])('P3-18 shows its reason, schema and time: %s', async (what, input, expected) => {
    const id = what.replaceAll(' ', '-');
    const before = Date.now();
    await startUnchecked(id, input);
    const view = await viewOf(id);
    expect(view).toMatchObject({
      id: `import-${id}`,
      status: 'failed',
      failure: { type: 'InvalidInput' },
      ...expected,
    });
    expect(view.failure?.message.length).toBeGreaterThan(10);
    const [started, ended] = [Date.parse(view.createdAt), Date.parse(view.finishedAt ?? '')];
    // Clocks of one machine, whose server cuts off no more than milliseconds.
    expect(started).toBeGreaterThanOrEqual(before - 1_000);
    expect(ended).toBeGreaterThanOrEqual(started);
    expect(ended).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(await (await get(`/v1/imports/${id}/rows`)).json()).toEqual({ items: [], nextCursor: null });
  });

  it('shows the newest run where an earlier one of the same id has a row', async () => {
    const missing = { source: { path: path.join(world.inbox, 'missing.csv') }, schema: 'users' };
    await startUnchecked('again', missing);
    expect(await viewOf('again')).toMatchObject({ status: 'failed', failure: { type: 'FileMissing' } });
    await startUnchecked('again', { ...missing, delimiter: 'letters' });
    expect(await viewOf('again')).toMatchObject({ status: 'failed', failure: { type: 'InvalidInput' } });
  });

  it('is not found where nobody started it', async () => {
    expect((await get('/v1/imports/nobody')).status).toBe(404);
  });
});

describe('an import that was done', () => {
  it('IMPORT-5 shows its rows, exports them and is found by filters', async () => {
    const file = path.join(world.inbox, 'users.csv');
    await writeFile(file, 'id;E-Mail;phone\nu1;u1@example.com;1\nu2;u2@example.com;2\nu3;wrong;3\n');
    const options = { delimiter: ';', map: { 'E-Mail': 'email' } };
    const job = await world.client.imports.start(
      { source: { path: file }, schema: 'users', ...options },
      { id: 'done' },
    );
    await job.result({ timeoutMs: 60_000 });

    expect(await viewOf('done')).toMatchObject({
      status: 'finished',
      saved: 2,
      options,
      layout: { ignored: ['phone'] },
    });
    const page = await (await get('/v1/imports/done/rows?limit=1')).json();
    expect(page).toEqual({
      items: [{ line: 2, key: 'u1', values: { id: 'u1', email: 'u1@example.com', name: '', time_zone: 'UTC' } }],
      nextCursor: expect.any(String) as string,
    });
    const csv = await get('/v1/imports/done/export');
    expect(await csv.text()).toBe('id,email,name,time_zone\nu1,u1@example.com,,UTC\nu2,u2@example.com,,UTC\n');
    const lines = (await (await get('/v1/imports/done/export?format=jsonl')).text()).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { key: string }).key)).toEqual(['u1', 'u2']);
    expect(await (await get('/v1/imports/done/rejects')).text()).toContain('4,email,');

    const listed = async (query: string): Promise<readonly string[]> =>
      ((await (await get(`/v1/imports?${query}`)).json()) as { items: readonly { id: string }[] }).items.map(
        ({ id }) => id,
      ); // the schema of the route
    expect(await listed('status=finished&schema=users&source=users.csv')).toEqual(['import-done']);
    expect(await listed('status=failed')).not.toContain('import-done');
  });
});
