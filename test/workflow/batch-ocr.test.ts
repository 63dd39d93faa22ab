import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchProgress } from '../../contracts/documents/vocabulary.ts';
import { batchMessages, documentWorkflows } from '../../contracts/documents/vocabulary.ts';
import type { BatchSummary } from '../../contracts/documents/schema.ts';
import { queues } from '../../contracts/queues/names.ts';
import { startScenario, until } from '../support/scenarios/scenario.ts';
import { documentScenarios as scenarios } from '../support/scenarios/documents.ts';
import { type ScriptedDocuments, scriptDocuments, scriptedId } from '../support/scripted/documents.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';
import type { batchOcr } from '../../workflows/index.ts';

type ScenarioName = keyof typeof scenarios;

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal({ suggestContinueAsNewAt: 150 });
});
afterAll(() => temporal.stop());

async function run(name: ScenarioName): Promise<{ summary: BatchSummary; world: ScriptedDocuments }> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    const summary = (await handle.result()) as BatchSummary; // what batchOcr returns
    return { summary, world };
  });
}

async function failureOf(name: ScenarioName): Promise<{ error: unknown; world: ScriptedDocuments }> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario(temporal.client, scenarios[name], world, `test-${name}`);
    const error: unknown = await handle.result().then(
      () => undefined,
      (rejection: unknown) => rejection,
    );
    return { error, world };
  });
}

describe('batchOcr', () => {
  it('OCR-7 prepares, reads each document once, saves and returns one outcome for each', async () => {
    const { summary, world } = await run('batch-ocr.success');
    expect(summary).toMatchObject({ total: 5, saved: 5, failed: 0, missing: 0, pending: 0 });
    expect(summary.outcomes?.map(({ status }) => status)).toEqual(Array(5).fill('completed'));
    expect([...world.reads.values()]).toEqual(Array(5).fill([0]));
  });

  it('P3-17 one bad document never fails the batch and unknown ids are listed as missing', async () => {
    const { summary } = await run('batch-ocr.partial-failure');
    expect(summary).toMatchObject({ total: 4, saved: 2, failed: 1, missing: 1 });
    expect(summary.outcomes?.map(({ status, failure }) => [status, failure?.type])).toEqual([
      ['completed', undefined],
      ['failed', 'CorruptDocument'],
      ['missing', 'DocumentNotFound'],
      ['completed', undefined],
    ]);
  });

  it('RETRY-1 a transient failure is tried again and ends completed', async () => {
    const { summary, world } = await run('batch-ocr.retried');
    expect(summary.saved).toBe(2);
    expect(world.reads.get(scriptedId(0))).toHaveLength(3);
  });

  it('reads a document of many pages in ranges, each once', async () => {
    const { summary, world } = await run('batch-ocr.many-pages');
    expect(summary.saved).toBe(2);
    expect([...(world.reads.get(scriptedId(0)) ?? [])].sort((a, b) => a - b)).toEqual([0, 10, 20, 30]);
    expect(world.reads.get(scriptedId(1))).toEqual([0]);
  });

  it('stops on cancel, keeps what is done, releases the rest, and goes on when it is started again', async () => {
    const { error, world } = await failureOf('batch-ocr.cancelled');
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    const saved = world.saves.flatMap(({ outcomes }) => outcomes.map(({ status }) => status)).sort();
    expect(saved).toEqual(['completed', 'completed', 'released', 'released', 'released', 'released']);

    const resumed = scriptDocuments(Array.from({ length: 6 }, () => ({})));
    for (const [id, outcome] of world.outcomes) resumed.outcomes.set(id, outcome);
    const summary = await temporal.withWorkers(resumed.activities, () =>
      temporal.client.workflow.execute<typeof batchOcr>(documentWorkflows.batchOcr, {
        taskQueue: queues.workflows,
        workflowId: 'test-batch-ocr.cancelled',
        args: [{ resume: true }],
      }),
    );
    expect(summary).toMatchObject({ total: 6, saved: 6, pending: 0 });
    expect([...resumed.reads.keys()].sort()).toEqual([2, 3, 4, 5].map(scriptedId));
  });

  it('carries on as a new run when the history grows, without reading anything twice', async () => {
    const { summary, world } = await run('batch-ocr.continued-as-new');
    expect(summary).toMatchObject({ total: 120, saved: 120 });
    expect(world.reads.size).toBe(120);
    expect([...world.reads.values()].every((reads) => reads.length === 1)).toBe(true);
    const { length } = world.saves.flatMap(({ outcomes }) => outcomes);
    expect(length).toBe(120);
    const handle = temporal.client.workflow.getHandle('test-batch-ocr.continued-as-new');
    const history = await handle.fetchHistory();
    expect(history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId).toBeTruthy();
    expect(history.events?.length).toBeLessThan(300);
  });

  it('takes no further document while it is paused, and answers progress meanwhile', async () => {
    const world = scriptDocuments(Array.from({ length: 5 }, () => ({ takesMs: 50 })));
    await temporal.withWorkers(world.activities, async () => {
      const handle = await temporal.client.workflow.start(documentWorkflows.batchOcr, {
        taskQueue: queues.workflows,
        workflowId: 'test-pause',
        args: [{ documentIds: [0, 1, 2, 3, 4].map(scriptedId), window: 1 }],
      });
      await until(() => world.reads.size >= 2);
      await handle.signal(batchMessages.pause);
      const look = () => handle.query<BatchProgress>(batchMessages.progress);
      await until(async () => (await look()).inFlight === 0);
      const readWhenPaused = world.reads.size;
      expect(readWhenPaused).toBeLessThan(5);
      const progress = await look();
      expect(progress).toMatchObject({ paused: true, phase: 'reading', total: 5 });
      expect(progress.remainingMs).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(world.reads.size).toBe(readWhenPaused);
      await handle.signal(batchMessages.resume);
      expect(await handle.result()).toMatchObject({ saved: 5 });
      expect(await handle.query<BatchProgress>(batchMessages.progress)).toMatchObject({
        phase: 'finished',
        completed: 5,
        inFlight: 0,
      });
    });
  });

  it('CANVAS-4 P3-16 250 documents are checked first, then saved in chunks of at most 100, in the order of the input', async () => {
    const world = scriptDocuments(Array.from({ length: 251 }, (_, n) => (n === 7 ? { missing: true } : {})));
    const summary = await temporal.withWorkers(world.activities, () =>
      temporal.client.workflow.execute<typeof batchOcr>(documentWorkflows.batchOcr, {
        taskQueue: queues.workflows,
        workflowId: 'test-chunks',
        args: [{ documentIds: Array.from({ length: 251 }, (_, n) => scriptedId(n)) }],
      }),
    );
    expect(summary).toMatchObject({ saved: 250, missing: 1 });
    expect(summary.outcomes?.map(({ position }) => position)).toEqual(Array.from({ length: 251 }, (_, n) => n));
    const sizes = world.saves.map(({ outcomes }) => outcomes.length);
    expect(sizes.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(world.reads.has(scriptedId(7))).toBe(false);
  });

  it('an empty batch is a clear permanent failure', async () => {
    const { error } = await failureOf('batch-ocr.empty');
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'EmptyBatch', nonRetryable: true });
  });
});

describe('processDocumentOcr', () => {
  it('OCR-2 returns status, document_id and confidence', async () => {
    const { summary } = await run('process-document-ocr.success');
    expect(summary).toEqual({ status: 'success', document_id: scriptedId(0), confidence: 0.9 });
  });

  it('P3-30 says failed only after four attempts, once', async () => {
    const { error, world } = await failureOf('process-document-ocr.failed');
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'ReaderCrashed' });
    expect(world.reads.get(scriptedId(0))).toHaveLength(4);
    expect(world.saves.map(({ outcomes }) => outcomes.map(({ status }) => status))).toEqual([['failed']]);
  });

  it('gives the document back when it is cancelled', async () => {
    const { world } = await failureOf('process-document-ocr.cancelled');
    expect(world.saves.map(({ outcomes }) => outcomes.map(({ status }) => status))).toEqual([['released']]);
  });
});

describe('extractInvoiceData', () => {
  it('P3-31 an unread document is permanent: tried once', async () => {
    const { error } = await failureOf('extract-invoice-data.failed');
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'DocumentNotRead', nonRetryable: true });
  });
});
