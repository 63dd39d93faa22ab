/**
 * The renderer as the rest of the process sees it. Drawing takes the whole of a
 * core for up to a second, during which nothing else of a process would move,
 * not even heartbeats: so it happens in a child process, one report at a time.
 */
import { fileURLToPath } from 'node:url';
import { PerennialError } from '../../contracts/failures.ts';
import { Pool } from '../processes/pool.ts';
import { describeEnd } from '../processes/port.ts';
import type { ReportRenderer } from './port.ts';
import type { DrawResults, DrawTask } from './render-messages.ts';

/** After so many drawings the child makes room for a new one, so that no leak of a library grows for ever. */
const RECYCLE_AFTER = 500;

/** Settings of {@link createReportRenderer}. */
export interface RendererOptions {
  /** Told after each drawing how long it took in the process that draws, in milliseconds. @defaultValue nobody */
  readonly onDrawn?: (drawMs: number) => void;
}

/** Starts nothing yet: the first drawing does. */
export function createReportRenderer({ onDrawn = () => undefined }: RendererOptions = {}): ReportRenderer {
  const fonts = fileURLToPath(new URL('./fonts.conf', import.meta.url));
  const pool = new Pool<DrawTask, DrawResults>({
    runner: {
      kind: 'child',
      entry: new URL('./render-child.ts', import.meta.url),
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
    sheet: (sheet, signal) => pool.run({ kind: 'sheet', sheet }, signal),
    close: () => pool.close(),
  };
}
