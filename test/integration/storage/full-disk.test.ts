/** Disks that are really full: file systems of a few MB in a name space of their own. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkerHeartbeats } from '../../../services/queues/postgres.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { activityQueues } from '../../../contracts/register.schema.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { canMount, runOnDisk } from './disks.ts';

let test: TestDatabase;
let folder: string;
beforeAll(async () => {
  test = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'perennial-full-disk-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await test.drop();
});

describe.skipIf(!canMount())('a disk without room', () => {
  it('HEALTH-2 makes the API not ready, which names the store and no path, until there is room again', async () => {
    await createWorkerHeartbeats(test.db).beat({
      id: '00000000-0000-4000-8000-000000000000',
      host: 'test',
      queues: [queues.workflows, ...activityQueues()],
    });
    const script = join(import.meta.dirname, 'fixtures', 'readiness-on-full-disk.ts');
    const stdout = await runOnDisk(folder, { megabytes: 1, script, env: { DATABASE_URL: test.url } });
    const [before, full, after] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly httpStatus: number; readonly status: string; checks: object });
    expect(before).toMatchObject({ httpStatus: 200, status: 'ready' });
    expect(full).toMatchObject({ httpStatus: 503, status: 'not_ready' });
    expect(full?.checks).toEqual({
      database: 'ok',
      blobs: 'error: StorageFull',
      temporal: 'ok',
      workers: 'ok (1 workers)',
    });
    expect(after).toMatchObject({ httpStatus: 200, status: 'ready' });
  });
});

describe.skipIf(!canMount())('PostgreSQL on a disk without room', () => {
  it.each([
    // Queries are still answered when only a table cannot grow.
    { what: 'tables', full: 'error: StorageFull', refusals: ['StorageFull'], restarts: [0] },
    // Without room for its log the server stops, and the stack starts it again and again until there is room.
    {
      what: 'log',
      full: 'error: DatabaseUnavailable',
      refusals: expect.arrayContaining(['DatabaseUnavailable']) as [],
    },
  ])('for its $what is not ready, comes back by itself and has lost nothing', async ({ what, full, ...facts }) => {
    const script = join(import.meta.dirname, 'fixtures', 'postgres-on-full-disk.ts');
    const own = mkdtempSync(join(folder, `${what}-`));
    chmodSync(folder, 0o755);
    const stdout = await runOnDisk(own, { megabytes: 160, script, args: [what] });
    const checks = ['ok', full, 'ok'];
    expect(JSON.parse(stdout)).toMatchObject({ checks, ...facts, storedAfterwards: 1, lost: 0 });
  });
});
