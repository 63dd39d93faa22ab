/**
 * The renderer. Drawing occupies a core for up to a second, which would delay everything else in a process, heartbeats
 * included, so it runs in a child process, one report at a time.
 */
import { fileURLToPath } from 'node:url';
import { PerennialError } from '../../contracts/failures.ts';
import { Pool } from '../processes/pool.ts';
import { describeEnd } from '../processes/port.ts';
import type { InvoiceDrawer } from '../billing/port.ts';
import type { ReportRenderer } from './port.ts';
import type { DrawResults, DrawTask } from './render-messages.ts';
import { moduleBeside } from '../../contracts/values/modules.ts';

/** Drawings after which the child is replaced, so that a leak in a library stays bounded. */
const RECYCLE_AFTER = 500;

/** Settings of {@link createReportRenderer}. */
export interface RendererOptions {
  /**
   * Called after each drawing with the time it took in the child, in milliseconds.
   * @defaultValue no-op
   */
  readonly onDrawn?: (drawMs: number) => void;
}

/** Creates a renderer; the child process starts with the first drawing. */
export function createReportRenderer({ onDrawn = () => undefined }: RendererOptions = {}): ReportRenderer &
  InvoiceDrawer {
  const fonts = fileURLToPath(new URL('./fonts.conf', import.meta.url));
  const pool = new Pool<DrawTask, DrawResults>({
    runner: {
      kind: 'child',
      entry: moduleBeside(import.meta.url, './render-child'),
      env: { TZ: 'UTC', FONTCONFIG_FILE: fonts },
    },
    size: 1,
    recycling: { afterJobs: RECYCLE_AFTER },
    failure: (end) =>
      new PerennialError(
        'RendererCrashed',
        `Expected the process that draws reports to answer, but ${describeEnd(end)}. It is retried; if it repeats, report it.`,
      ),
    onAnswer: onDrawn,
  });
  return {
    charts: (data, signal) => pool.run({ kind: 'charts', data }, signal),
    pdf: (content, signal) => pool.run({ kind: 'pdf', content }, signal),
    draw: (invoice, signal) => pool.run({ kind: 'invoice', invoice }, signal),
    sheet: (sheet, signal) => pool.run({ kind: 'sheet', sheet }, signal),
    close: () => pool.close(),
  };
}
