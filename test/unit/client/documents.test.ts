import { WorkflowNotFoundError } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { createDocumentJobs } from '../../../client/documents/jobs.ts';
import { InvalidInput, NotFound } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { documentId } from '../../support/fakes/api.ts';
import { memoryBlobs } from '../../support/fakes/blobs.ts';
import { type FakeStarts, rpcOver } from '../../support/fakes/starts.ts';
import type { DocumentJobs } from '../../../client/documents/types.ts';

interface FakeServer extends FakeStarts {
  readonly signals: string[];
  /** Status of every workflow; none exists when undefined. */
  describe: () => { status: string; cancelRequested?: boolean } | undefined;
}

function fakeServer(): FakeServer {
  return { started: [], signals: [], describe: () => undefined };
}

function jobs(server: FakeServer, blobs?: ReturnType<typeof memoryBlobs>): DocumentJobs {
  const getHandle = (id: string) => ({
    describe: () => {
      const found = server.describe();
      if (found === undefined) return Promise.reject(new WorkflowNotFoundError('no', id, undefined));
      return Promise.resolve({
        status: { name: found.status },
        memo: server.started.find(({ options }) => options.workflowId === id)?.options.memo,
        raw: { workflowExtendedInfo: { cancelRequested: found.cancelRequested ?? false } },
      });
    },
    signal: (name: string) => Promise.resolve(void server.signals.push(name)),
  });
  return createDocumentJobs({ rpc: rpcOver(server, { getHandle }), blobs });
}

describe('batchOcr', () => {
  test('starts under the given id, joining a run that is under way', async () => {
    const server = fakeServer();
    const batch = await jobs(server).batchOcr({ documentIds: [documentId(1)], backend: 'tesseract' }, { id: 'monday' });
    expect(batch.id).toBe('batch-ocr-monday');
    expect(server.started).toMatchObject([
      {
        workflow: 'batchOcr',
        options: {
          workflowId: 'batch-ocr-monday',
          taskQueue: 'perennial.workflows',
          args: [{ documentIds: [documentId(1)], backend: 'tesseract' }],
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        },
      },
    ]);
  });

  test('gives the handle of a batch that is done already under this id (IDEM-4)', async () => {
    const server = fakeServer();
    server.describe = () => ({ status: 'COMPLETED' });
    await jobs(server).batchOcr({ paths: ['/a'] }, { id: 'monday' });
    const batch = await jobs(server).batchOcr({ paths: ['/a'] }, { id: 'monday' });
    expect(batch.id).toBe('batch-ocr-monday');
    expect(server.started).toHaveLength(1);
  });

  test('gives every batch without an id one of its own', async () => {
    const server = fakeServer();
    const [a, b] = await Promise.all([1, 2].map(() => jobs(server).batchOcr({ paths: ['/a'] })));
    expect(a?.id).not.toBe(b?.id);
  });

  test('moves more than 5,000 entries to a manifest', async () => {
    const server = fakeServer();
    const blobs = memoryBlobs();
    const paths = Array.from({ length: 5_001 }, (_, n) => `/scans/"${n}".png`);
    await jobs(server, blobs).batchOcr({ paths, window: 7 });
    const [stored] = [...blobs.contents.values()];
    expect(
      String(stored)
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { path: string }).path),
    ).toEqual(paths);
    expect(server.started[0]?.options.args).toMatchObject([{ window: 7, manifest: { size: stored?.length } }]);
    expect(server.started[0]?.options.args?.[0]).not.toHaveProperty('paths');
  });

  test.each([
    [
      'more than 5,000 entries without a blob store',
      { paths: Array.from({ length: 5_001 }, () => '/a') },
      'InvalidInput',
    ],
    ['more than 100,000 entries', { documentIds: Array.from({ length: 100_001 }, () => 'a') }, 'InvalidInput'],
    ['a long list with a wrong entry', { paths: [...Array.from({ length: 5_001 }, () => '/a'), 7] }, 'InvalidInput'],
    [
      'a long list with a wrong option',
      { paths: Array.from({ length: 5_001 }, () => '/a'), window: 0 },
      'InvalidInput',
    ],
    ['an empty list', { documentIds: [] }, 'EmptyBatch'],
    ['nothing at all', null, 'InvalidInput'],
    ['two lists', { paths: ['/a'], documentIds: ['b'] }, 'InvalidInput'],
  ])('refuses %s before anything is started or stored', async (what, input, type) => {
    const server = fakeServer();
    const blobs = memoryBlobs();
    const started = jobs(server, what.includes('without') ? undefined : blobs).batchOcr(input as { paths: string[] });
    await expect(started).rejects.toMatchObject({ name: 'PerennialError', type });
    expect(server.started).toEqual([]);
    expect(blobs.contents.size).toBe(0);
  });

  test.each(['a b', '', 'x'.repeat(201), '../x', 'ä'])('refuses the id %j', async (id) => {
    await expect(jobs(fakeServer()).batchOcr({ paths: ['/a'] }, { id })).rejects.toThrow(InvalidInput);
  });
});

describe('resumeBatch', () => {
  test('ends the pause of a running batch', async () => {
    const server = fakeServer();
    server.describe = () => ({ status: 'RUNNING' });
    await jobs(server).resumeBatch('monday');
    expect(server.signals).toEqual(['resume']);
    expect(server.started).toEqual([]);
  });

  test('starts a cancelled batch again under the same id', async () => {
    const server = fakeServer();
    server.describe = () => ({ status: 'CANCELLED' });
    const batch = await jobs(server).resumeBatch('batch-ocr-monday');
    expect(batch.id).toBe('batch-ocr-monday');
    expect(server.started).toMatchObject([
      {
        workflow: 'batchOcr',
        options: { workflowId: 'batch-ocr-monday', args: [{ resume: true }], workflowIdReusePolicy: 'ALLOW_DUPLICATE' },
      },
    ]);
  });

  test('waits for a batch that is just being cancelled', async () => {
    const server = fakeServer();
    let looks = 0;
    server.describe = () => ((looks += 1) < 3 ? { status: 'RUNNING', cancelRequested: true } : { status: 'CANCELLED' });
    await jobs(server).resumeBatch('monday');
    expect(looks).toBe(3);
    expect(server.started).toHaveLength(1);
    expect(server.signals).toEqual([]);
  });

  test('knows only batches that the server or the caller knows', async () => {
    const server = fakeServer();
    await expect(jobs(server).resumeBatch('monday')).rejects.toThrow(NotFound);
    await jobs(server).resumeBatch('monday', { known: true });
    expect(server.started).toHaveLength(1);
  });
});

describe('jobs of single documents', () => {
  test('a document is one job, with only the options that were given', async () => {
    const server = fakeServer();
    const job = await jobs(server).process(documentId(1), {
      backend: 'tesseract',
      language: undefined,
      forceOcr: true,
    });
    expect(job.id).toBe(`document-ocr-${documentId(1)}`);
    expect(server.started).toMatchObject([
      {
        workflow: 'processDocumentOcr',
        options: { args: [documentId(1), 'tesseract', { forceOcr: true }], workflowIdConflictPolicy: 'FAIL' },
      },
    ]);
  });

  test('OCR-4: processMany queues one task per document', async () => {
    const server = fakeServer();
    const ids = Array.from({ length: 45 }, (_, n) => documentId(n));
    const queued = await jobs(server).processMany(ids, 'tesseract');
    expect(queued).toEqual({
      status: 'queued',
      total_documents: 45,
      tasks: ids.map((id) => ({ document_id: id, task_id: `document-ocr-${id}` })),
    });
    expect(server.started).toHaveLength(45);
  });

  test('OCR-5: an invoice has a job of its own', async () => {
    const server = fakeServer();
    expect((await jobs(server).extractInvoice(documentId(1))).id).toBe(`invoice-${documentId(1)}`);
  });

  test.each([
    (j: DocumentJobs) => j.process('nope'),
    (j: DocumentJobs) => j.process(documentId(1), { language: 'english' }),
    (j: DocumentJobs) => j.processMany([documentId(1), 'nope']),
    (j: DocumentJobs) => j.processMany([]),
    (j: DocumentJobs) => j.extractInvoice('nope'),
  ])('wrong input is refused before anything is started (%#)', async (call) => {
    const server = fakeServer();
    await expect(call(jobs(server))).rejects.toThrow(PerennialError);
    expect(server.started).toEqual([]);
  });
});
