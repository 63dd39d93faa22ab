/**
 * The vocabulary of calls: states, ids, search attributes, and the facts that a call passes to its run.
 */
import { housekeepingWorkflows } from '../housekeeping/vocabulary.ts';
import type { CallLimit } from '../limits/vocabulary.ts';
import type { OnFailure } from '../parked/vocabulary.ts';
import type { RoutingOptions } from '../queues/routing.ts';
import { DAY_SECONDS } from '../values/units.ts';

/**
 * State of a task, in Celery's words. Unlike in Celery, an unknown id is an error and not `PENDING`.
 *
 * - `PENDING`: accepted; waits for its start time, a limit or a worker
 * - `STARTED`: a worker executes it
 * - `RETRY`: an attempt failed and the next one is due later
 * - `REVOKED`: revoked, or expired before it began
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

/** Shortest time for which results are kept, in seconds. */
export const RESULTS_KEPT_SECONDS = DAY_SECONDS;

/** Largest size of the arguments of one call as JSON, in bytes; the server accepts 2 MB for a whole message. */
export const MAX_CALL_BYTES = 1_000_000;

/**
 * Largest result of a task as JSON, in bytes. A worker writes a result in one go, and its event loop may stand still for
 * 100 ms at most.
 */
export const MAX_RESULT_BYTES = 4_000_000;

/** Deepest nesting of arguments and results. */
export const MAX_CALL_DEPTH = 500;

/** Longest countdown, expiry and time limit, in seconds: 366 days. */
export const MAX_CALL_SECONDS = 366 * DAY_SECONDS;

/**
 * Search attributes of every run that Perennial starts; they must be registered on the server first. There are few, because
 * the server has only ten slots of a type.
 */
export const searchAttributes = {
  /** Name of the task or pipeline. */
  task: 'TaskName',
  /** Tenant of the call. */
  tenant: 'Tenant',
  /** {@link TaskState}: `PENDING` at the start, and the final state at the end. */
  state: 'TaskState',
  /** Id of the run at the root of the tree; a root run has its own id. */
  root: 'RootId',
  /** Tags that the caller gave. */
  tags: 'Tags',
  /** Keys of the ids that callers gave to calls of a canvas. */
  members: 'MemberKeys',
} as const;

/** Tag of the runs that Perennial starts to keep itself in order; listings leave them out unless asked for. */
export const SYSTEM_TAG = 'perennial.system';

/** Whether a task or workflow that the clock starts works for Perennial itself: nobody waits for its result. */
export function keepsOrder(name: string): boolean {
  const ofSystem = /^(?:housekeeping|schedules|limits)\./.test(name) && name !== 'housekeeping.sunrise';
  return ofSystem || name === housekeepingWorkflows.healthCheck;
}

/** The type of each search attribute, by its name. */
export const searchAttributeTypes: Readonly<Record<string, 'Keyword' | 'KeywordList'>> = {
  [searchAttributes.task]: 'Keyword',
  [searchAttributes.tenant]: 'Keyword',
  [searchAttributes.state]: 'Keyword',
  [searchAttributes.root]: 'Keyword',
  [searchAttributes.tags]: 'KeywordList',
  [searchAttributes.members]: 'KeywordList',
};

/** What a run is found by in listings, besides its state and the root of its tree. */
export interface Listed {
  /** Name of the task or canvas. */
  readonly task: string;
  readonly tenant?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** What a run is found by as far as that is known; one without a name is not listed among the tasks. */
export type ListedRun = Omit<Listed, 'task'> & { readonly task?: string | undefined };

/** Options that a single call and the calls of a schedule have in common. Times are in seconds, as in Celery. */
export interface CommonCallOptions {
  /** Priority, 1 to 10, 10 first. @defaultValue the priority of the task or its queue */
  readonly priority?: number | undefined;
  /** Queue. @defaultValue the queue of the task */
  readonly queue?: string | undefined;
  /** Region whose workers execute it; it excludes `queue`. An unknown region becomes us-east, of which a single call warns. */
  readonly region?: string | undefined;
  /** Hints for routing, such as that somebody waits; they are not arguments of the task. */
  readonly routing?: RoutingOptions | undefined;
  /** Whether the result is discarded; failures are kept. @defaultValue false */
  readonly ignoreResult?: boolean | undefined;
  /** Soft limit of an attempt, in seconds: its signal is aborted. @defaultValue the limit of the task */
  readonly softTimeLimit?: number | undefined;
  /** Hard limit of an attempt, in seconds: the server ends it. @defaultValue the limit of the task */
  readonly hardTimeLimit?: number | undefined;
  /** Headers that the task can read. */
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** Tags for listings. */
  readonly tags?: readonly string[] | undefined;
  /** Tenant of the call; tenants share the workers fairly, whatever the length of their backlogs. */
  readonly tenant?: string | undefined;
  /** Keyed limits in addition to those of the task. */
  readonly limits?: readonly CallLimit[] | undefined;
  /** `park`: once it has failed for good it waits for a person, who retries, skips or aborts it. @defaultValue it fails */
  readonly onFailure?: OnFailure | undefined;
  /** How long it waits then, in seconds, at most 366 days; afterwards it fails. @defaultValue 7 days */
  readonly parkedFor?: number | undefined;
}

/** Facts of a call that are passed to its run with the name and input of the task. An absent field means the value of the row. */
export interface CallFacts {
  /** Id of the task, where a canvas has started it. @defaultValue the id of the run */
  readonly taskId?: string | undefined;
  /** Queue, with the suffix of its region. */
  readonly queue?: string | undefined;
  readonly softMs?: number | undefined;
  readonly hardMs?: number | undefined;
  /** Expiry, ISO 8601; a call that no worker has begun by then is revoked. */
  readonly expiresAt?: string | undefined;
  /** Expiry of a run of a schedule, in milliseconds after its due time; it excludes `expiresAt`. */
  readonly expiresAfterDueMs?: number | undefined;
  /** Whether the result is discarded; failures are kept. */
  readonly ignoreResult?: boolean | undefined;
  readonly limits?: readonly CallLimit[] | undefined;
  readonly tenant?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** How long the task waits for a person once it has failed for good, in milliseconds. @defaultValue it fails */
  readonly parkMs?: number | undefined;
}

/** Facts that are passed to the shell of one attempt with the input. */
export interface AttemptFacts {
  readonly softMs?: number | undefined;
  readonly tenant?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  /** Id from which business keys are derived. @defaultValue the id of the workflow */
  readonly runId?: string | undefined;
  /** Attempts of the call that were made in packs before. @defaultValue 0 */
  readonly attemptsBefore?: number | undefined;
  /** Details of the last heartbeat of those attempts. */
  readonly lastHeartbeat?: unknown;
  /** Set once the call was parked: the calls of its run that wait with it for the same provider, itself included. */
  readonly parked?: number | undefined;
}

/** Returns the id of a call with an idempotency key, so that the same task with the same key is the same run. */
export function idempotentTaskId(task: string, key: string): string {
  return `${task}:${key}`;
}

/** Matches the suffix of an id that numbers a retry and names the run that it repeats. */
const RETRY = /\.retry-(\d+)-[0-9a-f]{8}$/;

/**
 * Returns the id of the retry of a run. Each run has one retry; retrying the retry gives the next number.
 *
 * @param mark - run id: at least eight hexadecimal digits, of which the first eight are used
 */
export function retryId(id: string, mark: string): string {
  const [suffix = '', number = '0'] = RETRY.exec(id) ?? [];
  const name = id.slice(0, id.length - suffix.length);
  return `${name}.retry-${Number(number) + 1}-${mark.slice(0, 8)}`;
}
