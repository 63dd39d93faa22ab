/** Readiness on a disk that is really full: a file system of 1 MB in a name space of its own. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkerHeartbeats } from '../../../services/queues/postgres.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { activityQueues } from '../../../contracts/register.schema.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

const OWN_MOUNTS = ['--user', '--map-root-user', '--mount', '--'];

/** Containers without privileges, and some kernels, give nobody a file system of their own. */
function canMount(): boolean {
  try {
    execFileSync('unshare', [...OWN_MOUNTS, 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', tmpdir()], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

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
    const loader = createRequire(import.meta.url).resolve('tsx');
    const mounting = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"';
    const { stdout } = await promisify(execFile)(
      'unshare',
      [...OWN_MOUNTS, 'sh', '-c', mounting, folder, process.execPath, '--import', loader, script, folder],
      { env: { ...process.env, DATABASE_URL: test.url } },
    );
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
