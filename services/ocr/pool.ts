/**
 * Child processes that read pages: the limits of a page and the failures that they map to, on top of the shared pool.
 */
import { PerennialError } from '../../contracts/failures.ts';
import { Pool } from '../processes/pool.ts';
import { describeEnd, type RunnerEnd } from '../processes/port.ts';
import type { ChildSettings, PageResults, PageTask } from './messages.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import { moduleBeside } from '../../contracts/values/modules.ts';

/** Limits and settings of the child processes. */
export interface PagePoolSettings {
  readonly processes: number;
  /** Tasks after which a process is replaced. */
  readonly recyclePages: number;
  readonly pageTimeoutMs: number;
  readonly pageMemoryMb: number;
  readonly child: ChildSettings;
}

/** Processes that each run one task at a time. */
export type PagePool = Pool<PageTask, PageResults>;

/** Environment variables by which tesseract finds its data and libraries. */
const INHERITED = ['TESSDATA_PREFIX', 'LANG', 'LC_ALL', 'DYLD_LIBRARY_PATH'];

/** Creates a pool; processes start with the first task. */
export function createPagePool({
  processes,
  recyclePages,
  pageTimeoutMs,
  pageMemoryMb,
  child,
}: PagePoolSettings): PagePool {
  return new Pool({
    runner: { kind: 'child', entry: moduleBeside(import.meta.url, './child'), settings: child, inherits: INHERITED },
    size: processes,
    limits: { timeMs: pageTimeoutMs, memoryMb: pageMemoryMb },
    // What a process keeps comes on top of the memory of its next page, so it may keep half a page's limit at most.
    recycling: { afterJobs: recyclePages, aboveMb: pageMemoryMb / 2, afterLimit: true },
    failure: failureOf,
  });
}

function failureOf(end: RunnerEnd): PerennialError {
  if (end.kind === 'memory')
    return new PerennialError(
      'PageMemoryLimit',
      `Expected the page to need at most ${String(end.limitMb)} MB, but it took ${String(Math.round(end.bytes / BYTES_PER_MB))} MB. ` +
        'Look at the page; raise OCR_PAGE_MEMORY_MB if it is legitimate.',
    );
  if (end.kind === 'time')
    return new PerennialError(
      'PageTimeLimit',
      `Expected the page to be read within ${String(end.limitMs)} ms, but it was not. ` +
        'Look at the page; raise OCR_PAGE_TIMEOUT_MS if it is legitimate.',
    );
  return new PerennialError(
    'ReaderCrashed',
    `Expected the process that reads pages to answer, but ${describeEnd(end)}. It is retried; if it repeats, look at the document.`,
  );
}
