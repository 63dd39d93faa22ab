/** Imports whose progress and result the test says. */
import { NotFound, type ImportHandle, type ImportJobs } from '../../../client/index.ts';
import type { ImportResult, ImportView } from '../../../contracts/imports/schema.ts';
import { importWorkflowId, isImportWorkflowId, type ImportProgress } from '../../../contracts/imports/vocabulary.ts';

/** What scripted imports say. */
export interface FakeImports {
  /** Ids that were started. */
  readonly started: Set<string>;
  result: ImportResult;
  progress: ImportProgress;
}

export function fakeImports(log: (...call: unknown[]) => void): ImportJobs & FakeImports {
  const fake: ImportJobs & FakeImports = {
    started: new Set(),
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
      return Promise.resolve(handle);
    },
    get: (given) => handleOf(fake, isImportWorkflowId(given) ? given : importWorkflowId(given), log),
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

/** Imports that the database knows. */
export interface MemoryImports {
  readonly rows: Map<string, ImportView>;
  view(id: string): Promise<ImportView | undefined>;
  list(limit: number): Promise<readonly ImportView[]>;
}

export function memoryImports(): MemoryImports {
  const rows = new Map<string, ImportView>();
  return {
    rows,
    view: (id) => Promise.resolve(rows.get(id)),
    list: (limit) => Promise.resolve([...rows.values()].slice(0, limit)),
  };
}
