/** Imports whose progress and result the test says. */
import { createImportLooks } from '../../../client/imports/looks.ts';
import type { ImportRecords } from '../../../client/index.ts';
import { NotFound, type ImportHandle, type ImportJobs } from '../../../client/index.ts';
import { Readable } from 'node:stream';
import type { ImportResult } from '../../../contracts/imports/schema.ts';
import type { ImportedRow, ImportFilter, ImportView } from '../../../contracts/imports/view.schema.ts';
import type { ImportQueries } from '../../../services/imports/port.ts';
import { importWorkflowId, isImportWorkflowId, type ImportProgress } from '../../../contracts/imports/vocabulary.ts';

/** What scripted imports say. */
export interface FakeImports {
  /** Ids that were started. */
  readonly started: Set<string>;
  /** What each was started with. */
  readonly inputs: Map<string, unknown>;
  /** What the database holds. */
  readonly memory: MemoryImports;
  result: ImportResult;
  progress: ImportProgress;
}

/** A finished import of a list of users. */
export function importView(facts: Partial<ImportView> = {}): ImportView {
  return {
    id: 'import-monday',
    runId: '00000000-0000-4000-8000-000000000001',
    status: 'finished',
    schema: 'users',
    dataset: null,
    source: 'https://example.com/users.csv',
    dryRun: false,
    options: { delimiter: ';' },
    read: 3,
    saved: 2,
    rejected: 1,
    skipped: 0,
    bytes: 100,
    doneBytes: 100,
    layout: null,
    rejects: null,
    failure: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:00:09.000Z',
    ...facts,
  };
}

export function fakeImports(log: (...call: unknown[]) => void): ImportJobs & FakeImports {
  const memory = memoryImports();
  const get = (given: string): ImportHandle =>
    handleOf(fake, isImportWorkflowId(given) ? given : importWorkflowId(given), log);
  const fake: ImportJobs & FakeImports = {
    ...createImportLooks(memory, get),
    memory,
    started: new Set(),
    inputs: new Map(),
    result: {
      importId: 'import-i1',
      status: 'complete',
      dryRun: false,
      read: 3,
      saved: 3,
      rejected: 0,
      skipped: 0,
    },
    progress: {
      phase: 'finished',
      bytes: 100,
      doneBytes: 100,
      read: 3,
      saved: 3,
      rejected: 0,
      skipped: 0,
      startedAt: '2026-01-01T00:00:00.000Z',
      remainingMs: null,
    },
    start: (input, options) => {
      log('import', input, options);
      const handle = fake.get(options?.id ?? 'i1');
      fake.started.add(handle.id);
      fake.inputs.set(handle.id, input);
      return Promise.resolve(handle);
    },
    get,
  };
  return fake;
}

function handleOf(fake: FakeImports, id: string, log: (...call: unknown[]) => void): ImportHandle {
  const known = <T>(value: T): Promise<T> =>
    fake.started.has(id) ? Promise.resolve(value) : Promise.reject(new NotFound(id));
  return {
    id,
    status: () => known('running'),
    result: () => known({ ...fake.result, importId: id }),
    progress: () => known(fake.progress),
    run: () =>
      known({
        runId: '00000000-0000-4000-8000-000000000000',
        status: 'running',
        startedAt: fake.progress.startedAt,
        endedAt: null,
        input: fake.inputs.get(id),
        failure: null,
      }),
    rejects: () => known(fake.result.rejects),
    cancel: () => {
      log('cancel', id);
      return known(undefined);
    },
    async *follow() {
      yield await known(fake.progress);
    },
  };
}

/** Imports that the database knows, and their rows. */
export interface MemoryImports extends ImportQueries, ImportRecords {
  readonly views: Map<string, ImportView>;
  readonly saved: Map<string, readonly ImportedRow[]>;
  /** Filters and limits of the lists that were asked for. */
  readonly lists: (readonly [ImportFilter, number])[];
}

export function memoryImports(): MemoryImports {
  const fake: MemoryImports = {
    views: new Map(),
    saved: new Map(),
    lists: [],
    closeImport: () => Promise.resolve(undefined),
    view: (id) => Promise.resolve(fake.views.get(id)),
    list: (filter, limit) => {
      fake.lists.push([filter, limit]);
      const all = [...fake.views.values()];
      return Promise.resolve({
        imports: all.slice(0, limit),
        next: all.length > limit ? (all[limit - 1]?.id ?? null) : null,
      });
    },
    rows: (id, after, limit) => {
      const left = (fake.saved.get(id) ?? []).filter(({ key }) => after === undefined || key > after);
      const rows = left.slice(0, limit);
      return Promise.resolve({ rows, next: left.length > limit ? (rows.at(-1)?.key ?? null) : null });
    },
    export: (id, format) =>
      Promise.resolve(Readable.from([`${format} of ${String(fake.saved.get(id)?.length ?? 0)}\n`])),
  };
  return fake;
}
