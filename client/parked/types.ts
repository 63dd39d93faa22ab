/** The interface of failed steps that wait for a person. */
import type { ParkedRecord, ParkedStep } from '../../contracts/parked/vocabulary.ts';

/**
 * A run in which failed steps wait.
 *
 * @example
 * ```ts
 * import type { ParkedRun } from './client/index.ts';
 *
 * const reasonsOf = ({ steps }: ParkedRun): string[] => steps.map(({ path, failure }) => `${path}: ${failure.message}`);
 * ```
 */
export interface ParkedRun {
  /** Id of the run, by which {@link ParkedJobs} finds it. */
  readonly id: string;
  /** Name of the task, canvas or pipeline; `null` for a part of a canvas. */
  readonly name: string | null;
  readonly tenant: string | null;
  /** What waits, with the reason and the deadline; at most 1,000 for each part of the run. */
  readonly steps: readonly ParkedStep[];
  /** All that waits, also what is not listed. */
  readonly waiting: number;
  /** What persons have decided in this run, the oldest first; the last 100 for each part of the run. */
  readonly decisions: readonly ParkedRecord[];
}

/**
 * One page of runs.
 *
 * @example
 * ```ts
 * const { items, nextCursor } = await perennial.parked.list({ limit: 10 });
 * if (nextCursor !== null) await perennial.parked.list({ limit: 10, cursor: nextCursor });
 * console.log(items.length);
 * ```
 */
export interface ParkedPage {
  readonly items: readonly ParkedRun[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Who decides about what.
 *
 * @example
 * ```ts
 * import type { ParkedDecider } from './client/index.ts';
 *
 * const decider: ParkedDecider = { path: 'root/2', by: 'ada@example.com', reason: 'the file is there now' };
 * await perennial.parked.retry('canvas:nightly', decider);
 * ```
 */
export interface ParkedDecider {
  /** All steps that wait at and below this path. @defaultValue the only step that waits */
  readonly path?: string | undefined;
  /** Name or address of the person. @defaultValue a client */
  readonly by?: string | undefined;
  /** At most 1,000 characters. */
  readonly reason?: string | undefined;
}

/**
 * What was decided.
 *
 * @example
 * ```ts
 * const { paths } = await perennial.parked.abort('canvas:nightly', { path: 'root', reason: 'no longer needed' });
 * console.log(`${paths.length} steps fail now`);
 * ```
 */
export interface ParkedDecided {
  readonly id: string;
  readonly action: 'retry' | 'skip' | 'abort';
  /** The steps that it is about. */
  readonly paths: readonly string[];
}

/**
 * Failed steps that wait for a person, in runs that were started with `onFailure: 'park'`.
 *
 * @example
 * ```ts
 * for (const { id, steps } of (await perennial.parked.list()).items)
 *   for (const { path, failure, until } of steps) console.log(id, path, failure.message, until);
 * await perennial.parked.retry('canvas:nightly', { path: 'root/2', input: { page: 2 }, reason: 'the page was missing' });
 * ```
 */
export interface ParkedJobs {
  /** Lists runs in which something waits, the newest first. The server's index lags slightly behind. @throws InvalidInput */
  list(options?: { readonly limit?: number | undefined; readonly cursor?: string | undefined }): Promise<ParkedPage>;
  /** Returns what waits in a run and its parts, by its id or the name of a canvas. @throws NotFound */
  get(id: string): Promise<ParkedRun>;
  /**
   * Runs steps again in place, each with all its attempts.
   *
   * @param decider - with `input`, another input for a single step, which must fit its schema
   * @throws NotFound, InvalidInput nothing waits at the path, or the input does not fit
   */
  retry(id: string, decider?: ParkedDecider & { readonly input?: unknown }): Promise<ParkedDecided>;
  /** Continues with a value in the place of the result of one step; it must fit its schema. Otherwise as `retry`. */
  skip(id: string, decider: ParkedDecider & { readonly value: unknown }): Promise<ParkedDecided>;
  /** Lets steps fail as they would have failed at once. Otherwise as `retry`. */
  abort(id: string, decider?: ParkedDecider): Promise<ParkedDecided>;
}
