/**
 * The data model of a canvas: Celery's own JSON of a call or a composition.
 * Builders make it, producers that still run Celery send it, the plan reads it.
 * Nothing is renamed, so that what came in goes out without loss.
 */

import type { CallLimit } from '../../contracts/limits/vocabulary.ts';
import { isRecord } from './json.ts';

/** Options of a call, in Celery's names; times in seconds. Options that are not listed are kept and passed on. */
export interface SignatureOptions {
  readonly task_id?: string | null;
  /** Wait before the call is made, in seconds. */
  readonly countdown?: number | null;
  /** Earliest time of the call, ISO 8601. `countdown` wins where both are given. */
  readonly eta?: string | null;
  /** Latest time of the call: seconds from when it is sent, or ISO 8601. */
  readonly expires?: number | string | null;
  readonly priority?: number | null;
  readonly queue?: string | null;
  /** Called with the result. */
  readonly link?: Signature | readonly Signature[] | null;
  /** Called when the call has failed for good. */
  readonly link_error?: Signature | readonly Signature[] | null;
  readonly soft_time_limit?: number | null;
  readonly time_limit?: number | null;
  readonly ignore_result?: boolean | null;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  /** Limits of rate and concurrency by key that the call obeys beside those of its task. */
  readonly limits?: readonly CallLimit[] | null;
  /** Names of the options that are stamps. */
  readonly stamped_headers?: readonly string[] | null;
  /** When a group or header is done, and what it gives: see `join.ts`. Not Celery's. */
  readonly join?: Join | null;
  /** Called with `{ input, result }` of the call when the canvas fails. Not Celery's. */
  readonly compensate?: Signature | null;
  readonly [name: string]: unknown;
}

/** A call of a task, or a composition of calls. Fields that are left out have Celery's defaults. */
export interface Signature {
  readonly task: string;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly options?: SignatureOptions;
  readonly subtask_type?: string | null;
  /** Takes neither the result of the step before nor arguments of the caller. */
  readonly immutable?: boolean;
  /** Celery's own bookkeeping; kept, never used. */
  readonly chord_size?: number | null;
}

/** What a signature is. */
export type SignatureKind = 'task' | 'chain' | 'group' | 'chord' | 'map' | 'starmap' | 'chunks';

/** Names under which compositions travel, and Celery's names of their types. */
const KINDS: Readonly<Record<string, SignatureKind>> = {
  'celery.chain': 'chain',
  'celery.group': 'group',
  'celery.chord': 'chord',
  'celery.map': 'map',
  'celery.starmap': 'starmap',
  'celery.chunks': 'chunks',
  chain: 'chain',
  group: 'group',
  chord: 'chord',
  xmap: 'map',
  xstarmap: 'starmap',
  chunks: 'chunks',
};

/** Says what a signature is, by its type where it has one, else by its name. */
export function kindOf({ task, subtask_type: type }: Signature): SignatureKind {
  if (typeof type === 'string' && Object.hasOwn(KINDS, type)) return KINDS[type] ?? 'task';
  return task.startsWith('celery.') && Object.hasOwn(KINDS, task) ? (KINDS[task] ?? 'task') : 'task';
}

/** Says whether a value looks like a signature: an object that names a task. */
export function isSignature(value: unknown): value is Signature {
  return typeof value === 'object' && value !== null && 'task' in value && typeof value.task === 'string';
}

/** The options, empty where there are none. */
export function optionsOf(signature: Signature): SignatureOptions {
  return signature.options ?? {};
}

/** One signature or several, as a list. */
export function signatureList(value: unknown): readonly Signature[] {
  if (Array.isArray(value)) return value.filter(isSignature);
  return isSignature(value) ? [value] : [];
}

/** Steps of a chain, or members of a group. */
export function tasksOf(signature: Signature): readonly Signature[] {
  return signatureList(signature.kwargs?.['tasks']);
}

/** The header, body and arguments of a chord. A header that is a group is its members. */
export function chordOf(signature: Signature): {
  readonly header: readonly Signature[];
  readonly body: Signature | undefined;
  /** Keyword arguments for every header member. */
  readonly kwargs: Readonly<Record<string, unknown>>;
} {
  const { header, body, kwargs } = signature.kwargs ?? {};
  const members = isSignature(header) && kindOf(header) === 'group' ? tasksOf(header) : signatureList(header);
  return { header: members, body: isSignature(body) ? body : undefined, kwargs: isRecord(kwargs) ? kwargs : {} };
}

/** The task, items and size of `map`, `starmap` and `chunks`. */
export function mapOf(signature: Signature): {
  readonly task: Signature;
  readonly items: readonly unknown[];
  /** Items of one chunk; 0 where the signature is no `chunks`. */
  readonly size: number;
} {
  const { task, it, n } = signature.kwargs ?? {};
  return {
    task: isSignature(task) ? task : { task: String(task) },
    items: Array.isArray(it) ? it : [],
    size: typeof n === 'number' ? n : 0,
  };
}

/**
 * The option `join` of a group or chord.
 *
 * - `failFast`: the first failure ends it at once and cancels what still runs
 * - `collect`: nothing fails; it gives one {@link MemberOutcome} for each member
 * - `threshold`: all run to their end; fails unless `count` of them, or `percent`
 *   of 100 rounded up, succeed; gives the values of those that did, in order
 * - `quorum`: as soon as `count` have succeeded it gives their values, in the
 *   order of the members, and cancels the others; as soon as that cannot be
 *   reached any more it fails
 */
export type Join =
  | { readonly policy: 'failFast' }
  | { readonly policy: 'collect' }
  | { readonly policy: 'threshold'; readonly count: number }
  | { readonly policy: 'threshold'; readonly percent: number }
  | { readonly policy: 'quorum'; readonly count: number };
