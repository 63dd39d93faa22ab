/** Really kills processes in the middle of a batch; afterwards everything must have been read, once. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchHandle } from '../../client/index.ts';
import type { TaskInput } from '../../contracts/catalogue.ts';
import { createFaults, type Faults } from '../support/faults.ts';
import { startTestStack, type TestStack, TWO_WORKERS } from '../support/servers/stack.ts';

const DOCUMENTS = 20;
let world: TestStack;
let faults: Faults;

beforeAll(async () => {
  world = await startTestStack({
    workers: TWO_WORKERS,
    // Nothing listens there: every call of the remote backend is refused.
    env: { DEEPSEEK_URL: 'http://127.0.0.1:9', DEEPSEEK_API_KEY: 'test-key', OCR_PROCESSES: '1' },
  });
  faults = await createFaults(world);
});
afterAll(async () => {
  await faults.close();
  await world.stop();
});

async function startBatch(backend: 'tesseract' | 'deepseek' = 'tesseract'): Promise<BatchHandle> {
  const paths = await world.fill('16-receipt.png', DOCUMENTS);
  return world.client.documents.batchOcr({ paths, backend });
}

/** Ids of the documents that were asked to be read; with `completed`, of those that have been. */
async function asked(batch: BatchHandle, { completed = false } = {}): Promise<readonly string[]> {
  const seen = await faults.activities(batch.id, 'documents.readDocument');
  return seen.filter((activity) => !completed || activity.completed).map(({ input }) => (input as Reading).documentId);
}

type Reading = TaskInput<'documents.readDocument'>;

/** Waits until some documents are read and others are not: the middle. Gives the ids of those that are. */
async function untilMiddle(batch: BatchHandle): Promise<readonly string[]> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    const { completed } = await batch.progress().catch(() => ({ completed: 0 }));
    if (completed >= 4) {
      const read = await asked(batch, { completed: true });
      expect(read.length).toBeLessThan(DOCUMENTS);
      return read;
    }
    await sleep(100);
  }
  throw new TypeError('expected the batch to get going within 60 s, it did not');
}

interface Stored {
  readonly documents: number;
  readonly completed: number;
  readonly pages: number;
  readonly items: number;
  readonly done: number;
}

async function stored(batchId: string): Promise<Stored | undefined> {
  const { rows } = await world.database.query<Stored>(
    `select count(*)::int as items,
            count(distinct i.document_id)::int as documents,
            count(*) filter (where i.outcome = 'completed')::int as done,
            count(*) filter (where d.status = 'completed')::int as completed,
            (select count(*)::int from document_pages p where p.document_id in
              (select document_id from batch_items where batch_id = $1)) as pages
       from batch_items i join documents d on d.id = i.document_id where i.batch_id = $1`,
    [batchId],
  );
  return rows[0];
}

/** Everything is there; what was read before the fault was tried once, and nothing was asked for twice. */
async function expectAllReadOnce(batch: BatchHandle, before: readonly string[] = []): Promise<void> {
  const summary = await batch.result({ timeoutMs: 240_000 });
  expect(summary).toMatchObject({ total: DOCUMENTS, saved: DOCUMENTS, failed: 0, missing: 0, pending: 0 });
  const all = DOCUMENTS;
  expect(await stored(batch.id)).toEqual({ items: all, documents: all, done: all, completed: all, pages: all });
  const ids = await asked(batch);
  expect([ids.length, new Set(ids).size]).toEqual([all, all]);
  const tried = await faults.activities(batch.id, 'documents.readDocument');
  const again = tried.filter(({ attempts, input }) => attempts > 1 && before.includes((input as Reading).documentId));
  expect(again).toEqual([]);
}

/** Processes below a process, with their command lines. */
function below(pid: number): { readonly pid: number; readonly command: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const all = lines.flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return found === null ? [] : [{ pid: Number(found[1]), parent: Number(found[2]), command: found[3] ?? '' }];
  });
  const children = (parent: number): { pid: number; command: string }[] =>
    all.filter((process) => process.parent === parent).flatMap((child) => [child, ...children(child.pid)]);
  return children(pid);
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('nothing is lost and nothing is read twice', () => {
  it('when a worker is killed in the middle of a batch, and its readers end with it', async () => {
    const batch = await startBatch();
    const early = await untilMiddle(batch);
    const worker = faults.pidOf('worker-1');
    const readers = below(worker);
    expect(readers.length).toBeGreaterThan(0);
    faults.kill('worker-1');
    await expectAllReadOnce(batch, early);
    expect(readers.filter(({ pid }) => alive(pid))).toEqual([]);
  });

  it('when PostgreSQL is killed in the middle of a batch', async () => {
    const batch = await startBatch();
    const early = await untilMiddle(batch);
    const before = faults.pidOf('postgres');
    faults.kill('postgres');
    await expectAllReadOnce(batch, early);
    expect(faults.pidOf('postgres')).not.toBe(before);
  });

  it('when the Temporal server is killed and comes back', async () => {
    const batch = await startBatch();
    const early = await untilMiddle(batch);
    const before = faults.pidOf('temporal');
    faults.kill('temporal');
    await expectAllReadOnce(batch, early);
    expect(faults.pidOf('temporal')).not.toBe(before);
  });

  it('when the processes that read pages are killed', async () => {
    const batch = await startBatch();
    const early = await untilMiddle(batch);
    const readers = ['worker-1', 'worker-2'].flatMap((name) => below(faults.pidOf(name)));
    expect(readers.length).toBeGreaterThan(0);
    for (const { pid } of readers) if (alive(pid)) process.kill(pid, 'SIGKILL');
    await expectAllReadOnce(batch, early);
  });

  it('when the remote backend refuses connections: Tesseract steps in and the result says so', async () => {
    const batch = await startBatch('deepseek');
    await expectAllReadOnce(batch);
    const { rows } = await world.database.query<{ reason: string; count: number }>(
      `select fallback_reason as reason, count(*)::int as count from documents
        where id in (select document_id from batch_items where batch_id = $1) group by 1`,
      [batch.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.count).toBe(DOCUMENTS);
    expect(rows[0]?.reason).toMatch(/^BackendUnavailable/);
  });
});
