/** Really kills processes in each step of an import; afterwards exactly the good rows must be there, once. */
import { createServer, type Server } from 'node:http';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportHandle } from '../../client/index.ts';
import type { ImportInput } from '../../contracts/imports/schema.ts';
import type { ImportProgress } from '../../contracts/imports/vocabulary.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';

const GOOD = 150_000;
/** Every so many rows one is bad. */
const BAD_EVERY = 1_000;
const BAD = GOOD / BAD_EVERY;
/** Sent every 150 ms: a download takes three seconds. */
const SLOW_BYTES = 500_000;

let world: TestStack;
let faults: Faults;
let server: Server;
let slowUrl = '';
let runs = 0;

beforeAll(async () => {
  world = await startTestStack({
    workers: TWO_WORKERS,
    env: { IMPORT_ALLOWED_HOSTS: '127.0.0.1', IMPORT_BATCH_RECORDS: '2000' },
  });
  faults = await createFaults(world);
  server = createServer((request, response) => {
    const content = Buffer.from(list('slow'));
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from, etag: '"list"' });
    // Slow enough to be killed in the middle.
    const send = async (): Promise<void> => {
      for (let at = from; at < content.length && !response.destroyed; at += SLOW_BYTES) {
        response.write(content.subarray(at, at + SLOW_BYTES));
        await sleep(150);
      }
      response.end();
    };
    void send();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  slowUrl = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/list.csv`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await faults.close();
  await world.stop();
});

function list(prefix: string): string {
  let text = 'id,email,name,time_zone\n';
  for (let n = 0; n < GOOD; n += 1) {
    text += `${prefix}-${n},${prefix}${n}@example.com,"Name, ${n}",Europe/Berlin\n`;
    if (n % BAD_EVERY === 0) text += `${prefix}-bad-${n},no address,Name,UTC\n`;
  }
  return text;
}

/** Starts an import of rows of its own. */
async function startImport(source?: ImportInput['source']): Promise<{ job: ImportHandle; prefix: string }> {
  const prefix = source === undefined ? `run${runs++}` : 'slow';
  const file = path.join(world.inbox, `${prefix}.csv`);
  if (source === undefined) await writeFile(file, list(prefix));
  const job = await world.client.imports.start({ source: source ?? { path: file }, schema: 'users' });
  return { job, prefix };
}

/** Starts an import and waits until it is at a step; starts another where a short step was over before it was seen. */
async function importAt(...steps: readonly string[]): Promise<{ job: ImportHandle; prefix: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await startImport();
    try {
      await faults.untilStep(started.job.id, ...steps);
      return started;
    } catch (error) {
      if (attempt === 5 || !String(error).includes('before it ended')) throw error;
    }
  }
}

async function until(job: ImportHandle, reached: (progress: ImportProgress) => boolean): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 20) {
    const progress = await job.progress().catch(() => undefined);
    if (progress !== undefined && reached(progress)) return;
    await sleep(20);
  }
  throw new TypeError('expected the import to get there within 60 s, it did not');
}

/** Waits until some of the rows are stored and others are not. */
async function untilSaving(prefix: string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 20) {
    const saved = await countOf(`id like '${prefix}-%'`).catch(() => 0);
    if (saved > 0) return;
    await sleep(20);
  }
  throw new TypeError('expected rows to be saved within 60 s, none was');
}

async function countOf(where: string): Promise<number> {
  const { rows } = await world.database.query<{ n: number }>(`select count(*)::int as n from users where ${where}`);
  return rows[0]?.n ?? -1;
}

async function expectGoodRowsOnce(job: ImportHandle, prefix: string): Promise<void> {
  const result = await job.result({ timeoutMs: 240_000 });
  expect(result).toMatchObject({ status: 'partial', read: GOOD + BAD, saved: GOOD, rejected: BAD, skipped: 0 });
  expect(await countOf(`id like '${prefix}-%'`)).toBe(GOOD);
  expect(await countOf(`id like '${prefix}-bad-%'`)).toBe(0);
  expect(await rejectLines(result.rejects?.key)).toBe(BAD + 1);
  await expectNothingLeft();
}

async function rejectLines(key: string | undefined): Promise<number> {
  const text = await readFile(path.join(path.dirname(world.inbox), 'blobs', key ?? ''), 'utf8');
  return text.trimEnd().split('\n').length;
}

async function expectNothingLeft(): Promise<void> {
  const folder = path.join(path.dirname(world.inbox), 'blobs', 'imports');
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  expect(entries.filter((entry) => entry.isFile())).toEqual([]);
}

/** Whichever of the two has the step: both are killed. */
const killWorkers = (): void => faults.kill('worker-1', 'worker-2');

describe('exactly the good rows are there once, and no temporary file is left', () => {
  it('when the workers are killed while they download', async () => {
    const { job, prefix } = await startImport({ url: slowUrl });
    await until(job, ({ phase }) => phase === 'downloading');
    await sleep(1_500);
    await faults.untilStep(job.id, 'imports.download');
    killWorkers();
    await expectGoodRowsOnce(job, prefix);
  });

  it('when the workers are killed while they parse', async () => {
    const { job, prefix } = await importAt('imports.parse');
    killWorkers();
    await expectGoodRowsOnce(job, prefix);
  });

  it('when one worker is killed in the middle of saving, and later the other', async () => {
    const { job, prefix } = await startImport();
    await untilSaving(prefix);
    faults.kill('worker-1');
    expect(await countOf(`id like '${prefix}-%'`)).toBeLessThan(GOOD);
    await sleep(700);
    faults.kill('worker-2');
    await expectGoodRowsOnce(job, prefix);
  });

  it('when the workers are killed at the end, while the import is closed and cleaned up', async () => {
    const { job, prefix } = await importAt('imports.finish', 'imports.cleanup');
    killWorkers();
    await expectGoodRowsOnce(job, prefix);
  });

  it('when PostgreSQL is killed in the middle of saving', async () => {
    const { job, prefix } = await startImport();
    await untilSaving(prefix);
    await faults.untilStep(job.id, 'imports.save');
    faults.kill('postgres');
    await expectGoodRowsOnce(job, prefix);
  });

  it('IMPORT-6 after a cancel in the middle: what the ledger says is what is there, and the file is gone', async () => {
    const { job, prefix } = await startImport();
    await untilSaving(prefix);
    await job.cancel();
    await expect(job.result({ timeoutMs: 60_000 })).rejects.toMatchObject({ how: 'cancelled' });
    const { rows } = await world.database.query<{ status: string; saved: number }>(
      `select status, (counts->>'saved')::int as saved from imports where id = $1`,
      [job.id],
    );
    expect(rows).toEqual([{ status: 'cancelled', saved: await countOf(`id like '${prefix}-%'`) }]);
    await expectNothingLeft();
  });
});
