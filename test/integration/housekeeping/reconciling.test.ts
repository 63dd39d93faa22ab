/** Rows whose runs were ended with Temporal's own tools, on the real server and the real database. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  batchStanding,
  bulkStanding,
  connectPerennial,
  NotFound,
  type PerennialClient,
} from '../../../client/index.ts';
import { documentWorkflowId } from '../../../contracts/documents/vocabulary.ts';
import { createBatchStore } from '../../../services/documents/batches.ts';
import { createEmailOutcomes } from '../../../services/email/outcomes.ts';
import { createOpenRows } from '../../../services/housekeeping/open-rows.ts';
import { startHouse, type House } from './house.ts';

let house: House;
let client: PerennialClient;
beforeAll(async () => {
  house = await startHouse();
  client = await connectPerennial(house.temporal.endpoint);
});
afterAll(async () => {
  await client.close();
  await house.stop();
});
afterEach(async () => {
  await house.test.db.query('truncate documents, batches, imports, limit_places cascade');
});

type Way = 'running' | 'terminated' | 'cancelled' | 'timed-out' | 'gone';

/** A run of an id that nobody works for, ended in one of the ways. */
async function run(workflowId: string, way: Way): Promise<string> {
  if (way === 'gone') return randomUUID();
  const handle = await house.temporal.client.workflow.start('dataImport', {
    workflowId,
    taskQueue: 'nobody',
    args: [],
    ...(way === 'timed-out' ? { workflowExecutionTimeout: 1_000 } : {}),
  });
  if (way === 'terminated') await handle.terminate('by hand');
  if (way === 'timed-out') await handle.result().catch(() => undefined);
  return handle.firstExecutionRunId;
}

async function addBatch(id: string): Promise<string> {
  const { db } = house.test;
  const document = randomUUID();
  await createBatchStore(db).open(id, { backend: 'tesseract', language: 'eng', forceOcr: false, dpi: 300 } as never);
  await db.query(
    `insert into documents (id, name, file_path, status, processing_started_at) values ($1, 'n', '/n', 'processing', now())`,
    [document],
  );
  await db.query(`insert into batch_items (batch_id, position, document_id, name) values ($1, 0, $2, 'n')`, [
    id,
    document,
  ]);
  return document;
}

async function addImport(id: string, content = id): Promise<string> {
  const upload = await house.blobs.put('imports/uploads', Buffer.from(`a,b\n${content}`));
  await house.test.db.query(
    `insert into imports (id, run, input, source, schema, dry_run, file)
     values ($1, $2, jsonb_build_object('source', jsonb_build_object('blob', $3::jsonb)), 'upload', 'records', false,
       jsonb_build_object('parts', jsonb_build_array($3::jsonb), 'size', 4, 'sha256', ''))`,
    [id, randomUUID(), JSON.stringify(upload)],
  );
  return upload.key;
}

async function one<T>(query: string, id: string): Promise<T | undefined> {
  const { rows } = await house.test.db.query<{ value: T }>(query, [id]);
  return rows[0]?.value;
}
const batchRow = (id: string) => one<string>('select status as value from batches where id = $1', id);
const importRow = (id: string) => one<string>('select status as value from imports where id = $1', id);
const documentRow = (id: string) => one<string>('select status as value from documents where id = $1', id);

async function files(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { ref } of house.blobs.list('imports')) keys.push(ref.key);
  return keys;
}

describe('housekeeping.reconcileRuns', () => {
  it.each(['terminated', 'timed-out', 'gone'] as const)(
    'closes a batch and an import that are %s, and frees file, places and documents',
    async (way) => {
      const [batch, load] = [`batch-ocr-${way}`, `import-${way}`];
      const document = await addBatch(batch);
      const file = await addImport(load);
      await run(batch, way);
      const first = await run(load, way);
      await house.test.db.query('insert into limit_places (key, holder) values ($1, $2)', ['k', `${load}#${first}`]);
      const dry = await house.run('housekeeping.reconcileRuns', { dryRun: true });
      expect([await batchRow(batch), await documentRow(document)]).toEqual(['running', 'processing']);
      const done = await house.run('housekeeping.reconcileRuns');
      expect(done).toMatchObject({
        batches: [{ id: batch, end: way }],
        imports: [{ id: load, end: way }],
        freed_places: 1,
      });
      expect(dry).toMatchObject({ batches: done.batches, imports: done.imports, freed_places: 1 });
      expect([await batchRow(batch), await importRow(load), await documentRow(document)]).toEqual([
        way,
        way,
        'pending',
      ]);
      // A run that timed out has a dead letter, and its redrive reads the upload again.
      expect((await files()).includes(file)).toBe(way === 'timed-out');
      expect(await one('select file as value from imports where id = $1', load)).toBeNull();
      expect(await house.run('housekeeping.reconcileRuns')).toMatchObject({
        batches: [],
        imports: [],
        freed_places: 0,
      });
    },
  );

  it('leaves an upload to another import that reads the same file', async () => {
    const file = await addImport('import-stopped', 'equal');
    await addImport('import-reading', 'equal');
    await run('import-stopped', 'terminated');
    const reading = house.temporal.client.workflow.getHandle('import-reading');
    await run('import-reading', 'running');
    expect(await house.run('housekeeping.reconcileRuns')).toMatchObject({
      imports: [{ id: 'import-stopped', end: 'terminated' }],
    });
    expect(await files()).toContain(file);
    await reading.terminate('by hand');
    await house.run('housekeeping.reconcileRuns');
    expect(await files()).not.toContain(file);
  });

  it('leaves what is under way alone', async () => {
    const [batch, load] = ['batch-ocr-alive', 'import-alive'];
    const document = await addBatch(batch);
    const file = await addImport(load);
    await run(batch, 'running');
    const first = await run(load, 'running');
    await house.test.db.query('insert into limit_places (key, holder) values ($1, $2)', ['k', `${load}#${first}`]);
    expect(await house.run('housekeeping.reconcileRuns')).toMatchObject({
      ...{ batches: [], imports: [], freed_places: 0, freed_documents: 0 },
    });
    expect([await batchRow(batch), await documentRow(document)]).toEqual(['running', 'processing']);
    expect(await files()).toContain(file);
  });

  it('frees a place of a run that was terminated although another one has its id now', async () => {
    const first = await run('import-again', 'terminated');
    await run('import-again', 'running');
    await house.test.db.query('insert into limit_places (key, holder) values ($1, $2)', ['k', `import-again#${first}`]);
    expect(await house.run('housekeeping.reconcileRuns')).toMatchObject({ freed_places: 1 });
  });

  it('gives back a document whose own job was terminated, and no document that is just being read', async () => {
    const [stopped, unknown, alive] = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of [stopped, unknown, alive])
      await house.test.db.query(
        `insert into documents (id, name, file_path, status, processing_started_at) values ($1, 'n', '/n', 'processing', now())`,
        [id],
      );
    await run(documentWorkflowId('processDocumentOcr', stopped), 'terminated');
    await run(documentWorkflowId('processDocumentOcr', alive), 'running');
    expect(await house.run('housekeeping.reconcileRuns')).toMatchObject({ freed_documents: 1 });
    expect([await documentRow(stopped), await documentRow(unknown), await documentRow(alive)]).toEqual([
      ...['pending', 'processing', 'processing'],
    ]);
  });
});

describe('a look at a mailing', () => {
  it('that was terminated counts what the ledger holds', async () => {
    await run('bulk-email-stopped', 'terminated');
    await house.test.db.query(
      `insert into email_messages (message_key, message_id, recipient_hash, bulk_id, position, state, sent_at, failure_type)
       select 'k' || n, '', '', 'bulk-email-stopped', n, case when n < 7 then 'sent' else 'failed' end, now(),
         case when n < 7 then null else 'Unexpected' end from generate_series(1, 8) n`,
    );
    const bulk = client.email.getBulk('bulk-email-stopped');
    expect(await bulkStanding(bulk, createEmailOutcomes(house.test.db))).toMatchObject({
      status: 'terminated',
      progress: { sent: 6, failed: 2, total: 8 },
    });
    await house.test.db.query('truncate email_messages');
  });
});

describe('a look at a batch', () => {
  it.each(['terminated', 'timed-out', 'gone'] as const)('closes the row and says that it is %s', async (way) => {
    const id = `batch-ocr-look-${way}`;
    const document = await addBatch(id);
    await run(id, way);
    const rows = createOpenRows(house.test.db);
    expect(await batchStanding(client.documents.getBatch(id), rows)).toBe(way);
    expect([await batchRow(id), await documentRow(document)]).toEqual([way, 'pending']);
    expect(await batchStanding(client.documents.getBatch(id), rows)).toBe(way);
    // Going on opens the row again.
    await createBatchStore(house.test.db).open(id, {} as never);
    expect(await batchRow(id)).toBe('running');
  });

  it('of which nobody knows anything is not found', async () => {
    const unknown = batchStanding(client.documents.getBatch('nobody'), createOpenRows(house.test.db));
    await expect(unknown).rejects.toBeInstanceOf(NotFound);
  });
});
