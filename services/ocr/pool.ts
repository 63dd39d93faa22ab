/** Child processes that read pages, over the one pool: the limits of a page, and what its failures are called. */
import { PerennialError } from '../../contracts/failures.ts';
import { Pool } from '../processes/pool.ts';
import { describeEnd, type RunnerEnd } from '../processes/port.ts';
import type { ChildSettings, PageResults, PageTask } from './messages.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** What the pool needs to know. */
export interface PagePoolSettings {
  readonly processes: number;
  /** A process is replaced after so many tasks. */
  readonly recyclePages: number;
  readonly pageTimeoutMs: number;
  readonly pageMemoryMb: number;
  readonly child: ChildSettings;
}

/** Processes that do one task each at a time. */
export type PagePool = Pool<PageTask, PageResults>;

/** Where tesseract finds its data and libraries. */
const INHERITED = ['TESSDATA_PREFIX', 'LANG', 'LC_ALL', 'DYLD_LIBRARY_PATH'];

/** Makes a pool. Processes start with the first work. */
export function createPagePool({
  processes,
  recyclePages,
  pageTimeoutMs,
  pageMemoryMb,
  child,
}: PagePoolSettings): PagePool {
  return new Pool({
    runner: { kind: 'child', entry: new URL('./child.ts', import.meta.url), settings: child, inherits: INHERITED },
    size: processes,
    limits: { timeMs: pageTimeoutMs, memoryMb: pageMemoryMb },
    // Half the limit at rest would leave the next page only the other half.
    recycling: { afterJobs: recyclePages, aboveMb: pageMemoryMb / 2 },
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
