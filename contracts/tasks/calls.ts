/**
 * The vocabulary of calling tasks: states, identities, search attributes, and
 * what a call tells the run that serves it.
 */
import type { CallLimit } from '../limits/vocabulary.ts';
import { DAY_SECONDS } from '../values/units.ts';

/**
 * Where a task stands, in Celery's words (RES-3). There is no word for "never
 * heard of": an unknown id is an error.
 *
 * - `PENDING`: accepted; waits for its time, its turn or a worker
 * - `STARTED`: a worker is at it
 * - `RETRY`: an attempt failed and the next one is due later
 * - `REVOKED`: stopped by somebody, or expired before it began
 */
export type TaskState = 'PENDING' | 'STARTED' | 'RETRY' | 'SUCCESS' | 'FAILURE' | 'REVOKED';

export const TASK_STATES = [
  'PENDING',
  'STARTED',
  'RETRY',
  'SUCCESS',
  'FAILURE',
  'REVOKED',
] as const satisfies readonly TaskState[];

/** Results are kept this long, in seconds (RES-1). */
export const RESULTS_KEPT_SECONDS = DAY_SECONDS;

/** Largest arguments of one call, as JSON. The server takes 2 MB for a whole message. */
export const MAX_CALL_BYTES = 1_000_000;

/** Deepest nesting of arguments. */
export const MAX_CALL_DEPTH = 500;

/** Longest countdown, expiry and time limit, in seconds: a year. */
export const MAX_CALL_SECONDS = 366 * DAY_SECONDS;

/**
 * Search attributes of every run that this product starts; the server must know
 * them before. Few, because each costs a slot of the server's ten.
 */
export const searchAttributes = {
  /** Name of the task, or of the pipeline. */
  task: 'TaskName',
  /** On whose behalf. */
  tenant: 'Tenant',
  /** {@link TaskState}: `PENDING` from the start, the last one at the end. */
  state: 'TaskState',
  /** The run at the root of the tree, itself at the root. */
  root: 'RootId',
  /** Words of the caller. */
  tags: 'Tags',
} as const;

/** The type of each search attribute, by its name. */
export const searchAttributeTypes: Readonly<Record<string, 'Keyword' | 'KeywordList'>> = {
  [searchAttributes.task]: 'Keyword',
  [searchAttributes.tenant]: 'Keyword',
  [searchAttributes.state]: 'Keyword',
  [searchAttributes.root]: 'Keyword',
  [searchAttributes.tags]: 'KeywordList',
};

/** What a call tells the run beside the name and the input of the task. Plain data; absent means "as the task says". */
export interface CallFacts {
  /** The queue, with its region where there is one. */
  readonly queue?: string | undefined;
  readonly softMs?: number | undefined;
  readonly hardMs?: number | undefined;
  /** ISO time; work that no worker has begun by then is not begun any more. */
  readonly expiresAt?: string | undefined;
  /** The result is not kept; failures are (RES-1). */
  readonly ignoreResult?: boolean | undefined;
  readonly limits?: readonly CallLimit[] | undefined;
  readonly tenant?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
}

/** What the shell of one attempt is told beside the input. */
export interface AttemptFacts {
  readonly softMs?: number | undefined;
  readonly tenant?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** The identity that business keys are made of. @defaultValue the id of the workflow */
  readonly runId?: string | undefined;
  /** Attempts of the call that were made in packs. @defaultValue 0 */
  readonly attemptsBefore?: number | undefined;
}

/** The id of a call with an idempotency key: the same task with the same key is the same run. */
export function idempotentTaskId(task: string, key: string): string {
  return `${task}:${key}`;
}

/** The part of an id that says which repetition it is, and of which run. */
const RETRY = /\.retry-(\d+)-[0-9a-f]{8}$/;

/**
 * The id of the run that repeats another: the same run has one repetition, a
 * repetition of that is the next one (IDEM-4).
 *
 * @param mark - names the run: at least eight hexadecimal digits, of which the first eight are used
 */
export function retryId(id: string, mark: string): string {
  const [suffix = '', number = '0'] = RETRY.exec(id) ?? [];
  const name = id.slice(0, id.length - suffix.length);
  return `${name}.retry-${Number(number) + 1}-${mark.slice(0, 8)}`;
}
