import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrate } from '../../../services/database/migrate.ts';
import { createDatabase } from '../../../services/database/pool.ts';
import { createBatchStore } from '../../../services/documents/batches.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../../../stack/postgres/server.ts';
import { isAlive } from '../../../stack/postgres/running.ts';
import { completed, KEY, newDocument, OPTIONS, reading } from './records.ts';

let folder: string;
let options: EmbeddedPostgresOptions;
const started: EmbeddedPostgres[] = [];

beforeEach(async () => {
  // As mktemp -d does it: nobody but us may enter.
  folder = await mkdtemp(join(tmpdir(), 'perennial-embedded-'));
  await chmod(folder, 0o700);
  options = { dataDir: join(folder, 'state', 'postgres'), port: 0, logFile: join(folder, 'logs', 'postgres.log') };
});
afterEach(async () => {
  const servers = started.splice(0);
  for (const server of servers) await server.stop();
  for (const server of servers) await rm(server.dataDir, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

async function start(changes: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ ...options, ...changes });
  started.push(server);
  return server;
}

describe('embedded PostgreSQL', () => {
  it('starts in a folder that only we may enter, is found again, and stops', async () => {
    const first = await start();
    const again = await start();
    expect(again).toMatchObject({ pid: first.pid, url: first.url, reused: true });
    const db = createDatabase({ url: first.url });
    const { rows } = await db.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories', 'fsync', 'max_connections', 'TimeZone', 'server_encoding')`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'on',
      max_connections: '200',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
    });
    await db.close();
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    await first.stop();
  });

  it('asks for a password that only we can read', async () => {
    const server = await start();
    const password = (await readFile(`${options.dataDir}.password`, 'utf8')).trim();
    expect(password).toMatch(/^[0-9a-f]{48}$/);
    expect((await stat(`${options.dataDir}.password`)).mode & 0o777).toBe(0o600);
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(password);
    const url = new URL(server.url);
    url.password = '';
    const db = createDatabase({ url: url.href, patienceMs: 0 });
    await expect(db.check()).rejects.toThrow();
    await db.close();
  });

  it('starts once when several processes ask at the same time', async () => {
    const servers = await Promise.all([start(), start(), start()]);
    expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1);
    expect((await readdir(join(folder, 'state'))).sort()).toEqual(['postgres', 'postgres.password']);
  });

  it('runs where setpriv is missing', async () => {
    vi.stubEnv('PERENNIAL_NO_SETPRIV', '1');
    try {
      const server = await start();
      const db = createDatabase({ url: server.url });
      await db.check();
      await db.close();
      await server.stop();
      const again = await start();
      expect(again).toMatchObject({ dataDir: server.dataDir, reused: false });
      await again.stop();
      if (!again.dataDir.startsWith(folder)) await rm(join(again.dataDir, '..'), { recursive: true, force: true });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('says why it does not start: a taken port, a folder with other files', async () => {
    const squatter = createServer();
    await new Promise<void>((done) => squatter.listen(0, '127.0.0.1', done));
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(start({ port })).rejects.toThrow(/Address already in use/);
    await new Promise((done) => squatter.close(done));
    await mkdir(join(folder, 'mine'));
    await writeFile(join(folder, 'mine', 'letter.txt'), 'x');
    await expect(start({ dataDir: join(folder, 'mine') })).rejects.toThrow(/found other files/);
  });

  it(
    'IDEM-4 goes on after kill -9 in the middle of the work, with nothing lost and nothing twice',
    { timeout: 120_000 },
    async () => {
      const first = await start();
      const db = createDatabase({ url: first.url, patienceMs: 60_000 });
      await migrate(db);
      const documents = createDocumentStore(db);
      const batches = createBatchStore(db);
      const all = Array.from({ length: 400 }, () => newDocument());
      await batches.open('b', OPTIONS);
      let done = 0;
      const read = async (from: number): Promise<number> => {
        const chunk = all.slice(from, from + 20);
        await documents.add(chunk);
        await batches.addItems(
          'b',
          chunk.map(({ id, name }, n) => ({ position: from + n, documentId: id, name })),
        );
        for (const { id } of chunk) {
          await documents.begin(id, KEY, { pages: 1, mediaType: 'image/png' });
          await documents.savePage(id, KEY, reading(0));
        }
        const { saved } = await documents.saveOutcomes(
          chunk.map(({ id }, n) => completed(id, from + n)),
          'b',
        );
        done += saved;
        return saved;
      };
      const work = Promise.all(Array.from({ length: 20 }, (_, n) => read(n * 20)));
      while (done === 0) await sleep(5);
      process.kill(first.pid, 'SIGKILL');
      const second = await start({ port: first.port });
      expect(second.pid).not.toBe(first.pid);
      expect(await work).toEqual(Array.from({ length: 20 }, () => 20));
      expect(await batches.counts('b')).toEqual({ total: 400, completed: 400, failed: 0, missing: 0 });
      const { rows } = await db.query<{ documents: number; pages: number }>(
        'select (select count(*)::integer from documents) as documents, (select count(*)::integer from document_pages) as pages',
      );
      expect(rows).toEqual([{ documents: 400, pages: 400 }]);
      await db.close();
    },
  );
});
