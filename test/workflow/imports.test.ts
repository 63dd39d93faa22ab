import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportResult } from '../../contracts/imports/schema.ts';
import { importMessages, importWorkflows, type ImportProgress } from '../../contracts/imports/vocabulary.ts';
import { queues } from '../../contracts/queues/names.ts';
import { startScenario, until } from '../support/scenarios/scenario.ts';
import { importScenarios as scenarios } from '../support/scenarios/imports.ts';
import { scriptImports, type ScriptedImports } from '../support/scripted/imports.ts';
import { startTestTemporal, type TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
});
afterAll(() => temporal.stop());

type ScenarioName = keyof typeof scenarios;

async function runAny(name: ScenarioName): Promise<{ result: unknown; world: ScriptedImports }> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario<ScriptedImports>(temporal.client, scenarios[name], world, `test-${name}`);
    const result: unknown = await handle.result();
    return { result, world };
  });
}

async function run(name: ScenarioName): Promise<{ result: ImportResult; world: ScriptedImports }> {
  const { result, world } = await runAny(name);
  return { result: result as ImportResult, world }; // what dataImport returns
}

async function sync(name: ScenarioName): Promise<Synced> {
  return (await runAny(name)).result as Synced; // what syncExternalData returns
}

async function failureOf(name: ScenarioName): Promise<{ cause: unknown; world: ScriptedImports }> {
  const world = scenarios[name].world();
  return temporal.withWorkers(world.activities, async () => {
    const handle = await startScenario<ScriptedImports>(temporal.client, scenarios[name], world, `test-${name}`);
    const error: unknown = await handle.result().then(
      () => undefined,
      (rejection: unknown) => rejection,
    );
    return { cause: error instanceof WorkflowFailedError ? error.cause : error, world };
  });
}

const named = (step: string): string => `imports.${step}`;

describe('dataImport', () => {
  it('IMPORT-1 downloads, parses, validates and saves each range, finishes and cleans up, in this order', async () => {
    const { result, world } = await run('data-import.success');
    expect(result).toMatchObject({ status: 'complete', read: 25, saved: 25, rejected: 0, skipped: 0 });
    const save = named('save');
    expect(world.steps).toEqual([
      named('download'),
      named('parse'),
      save,
      save,
      save,
      named('finish'),
      named('cleanup'),
    ]);
  });

  it('IMPORT-1 takes a bare address, as in the source', async () => {
    const { result } = await run('data-import.address-only');
    expect(result.saved).toBe(10);
  });

  it('IMPORT-4 bad records are counted and never fatal', async () => {
    const { result } = await run('data-import.rejects');
    expect(result).toMatchObject({ status: 'partial', read: 20, saved: 16, rejected: 4 });
  });

  it('P3-18 a file with a header only ends as empty, and is cleaned up', async () => {
    const { result, world } = await run('data-import.header-only');
    expect(result).toMatchObject({ status: 'empty', read: 0 });
    expect(world.saves).toEqual([]);
    expect(world.cleanups).toHaveLength(1);
  });

  it('PERF-1 saves 64 ranges with a small history', async () => {
    const { result, world } = await run('data-import.many-ranges');
    expect(result.saved).toBe(6_400);
    expect(new Set(world.saves.map(({ range }) => range)).size).toBe(64);
    const history = await temporal.client.workflow.getHandle('test-data-import.many-ranges').fetchHistory();
    expect(history.events?.length).toBeLessThan(600);
  });

  it('tries a transient failure again', async () => {
    const { result, world } = await run('data-import.retried');
    expect(result.saved).toBe(10);
    expect(world.steps.filter((step) => step === named('save'))).toHaveLength(3);
  });

  it.each(['data-import.not-found', 'data-import.wrong-columns', 'data-import.invalid-input'] as const)(
    'IMPORT-6 closes and cleans up after a failure (%s), and ends with its type',
    async (name) => {
      const { cause, world } = await failureOf(name);
      const { fails } = {
        fails: {
          'data-import.not-found': 'DownloadRefused',
          'data-import.wrong-columns': 'ImportColumns',
          'data-import.invalid-input': 'InvalidInput',
        }[name],
      };
      expect(cause).toBeInstanceOf(ApplicationFailure);
      expect(cause).toMatchObject({ type: fails });
      expect(world.ends).toMatchObject([{ status: 'failed', failure: { type: fails } }]);
      expect(world.cleanups).toHaveLength(1);
    },
  );

  it('IMPORT-6 closes and cleans up after a cancel; ranges that were not begun stay undone', async () => {
    const { cause, world } = await failureOf('data-import.cancelled');
    expect(cause).toBeInstanceOf(CancelledFailure);
    expect(world.saves).toHaveLength(2);
    expect(world.ends).toMatchObject([{ status: 'cancelled' }]);
    expect(world.cleanups).toHaveLength(1);
  });

  it('a dry run starts no batch', async () => {
    const { result, world } = await run('data-import.dry-run');
    expect(result.batchId).toBeUndefined();
    expect(world.steps).not.toContain(named('listDocuments'));
  });

  it('starts batch OCR with the documents of a list, which outlives the import', async () => {
    const world = scenarios['data-import.starts-ocr'].world();
    await temporal.withWorkers(world.activities, async () => {
      const scenario = scenarios['data-import.starts-ocr'];
      const handle = await startScenario<ScriptedImports>(temporal.client, scenario, world, 'test-starts-ocr');
      const { batchId } = (await handle.result()) as ImportResult; // what the workflow returns
      expect(batchId).toBe('batch-ocr-test-starts-ocr');
      const { memo: _memo, ...batch } = await temporal.client.workflow.getHandle(batchId ?? '').describe();
      expect(batch.type).toBe('batchOcr');
    });
  });

  it('answers how far it is and how long it will take', async () => {
    const world = scriptImports({ ranges: [10, 10, 10, 10], takesMs: 300 });
    await temporal.withWorkers(world.activities, async () => {
      const handle = await temporal.client.workflow.start(importWorkflows.dataImport, {
        taskQueue: queues.workflows,
        workflowId: 'test-import-progress',
        args: [{ source: { url: 'https://example.com/x.csv' }, schema: 'users', window: 1 }],
      });
      await until(() => world.saves.length >= 3);
      const progress = await handle.query<ImportProgress>(importMessages.progress);
      expect(progress).toMatchObject({ phase: 'saving', bytes: 4000, doneBytes: 2000, read: 20, saved: 20 });
      expect(progress.remainingMs).toBeGreaterThan(0);
      await handle.result();
      expect(await handle.query<ImportProgress>(importMessages.progress)).toMatchObject({
        phase: 'finished',
        doneBytes: 4000,
      });
    });
  });
});

interface Synced {
  readonly status: string;
  readonly sources: readonly { readonly source: string; readonly outcome: { readonly ok: boolean } }[];
}

describe('syncExternalData', () => {
  it('BEAT-10 says so when nothing is configured', async () => {
    const result = await sync('sync-external-data.nothing-configured');
    expect(result).toEqual({ status: 'nothing-configured', sources: [] });
  });

  it('BEAT-10 imports each configured address, and shows none of its secrets', async () => {
    const result = await sync('sync-external-data.two-sources');
    expect(result.status).toBe('synchronised');
    expect(result.sources.map(({ source }) => source)).toEqual([
      'https://example.com/a.csv',
      'https://example.com/b.csv',
    ]);
  });

  it('BEAT-10 tells which address failed and why', async () => {
    const result = await sync('sync-external-data.one-fails');
    expect(result).toMatchObject({
      status: 'partial',
      sources: [{ outcome: { ok: false, failure: { type: 'DownloadRefused' } } }],
    });
  });
});
