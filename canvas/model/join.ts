/**
 * Join policies: when the members of a group or header are done with, and what
 * they give. Without one, all must succeed, and all run to their end (Celery).
 */
import type { CanvasFailure, CanvasOutcome } from './outcome.ts';
import type { Signature, Join } from '../signature/signature.ts';

/** Why a member failed. What is not known, as in eager mode, is null. */
export interface MemberFailure {
  readonly type: string;
  readonly message: string;
  readonly task: string | null;
  readonly path: string | null;
  readonly id: string | null;
}

/** What `collect` gives for one member. */
export type MemberOutcome<T = unknown> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: MemberFailure };

/** The join policy of a signature that was checked by the parser. */
export function joinOf({ options }: Signature): Join | undefined {
  return options?.join ?? undefined;
}

/** Members so far; `undefined` for those that still run. */
export type SoFar = readonly (CanvasOutcome | undefined)[];

/** How many members there are, and have ended. */
export interface Tally {
  readonly members: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** How the policy may end a group before its members have: says whether those that still run cannot change what comes of it. */
export function decisionOf(join: Join | undefined): ((tally: Tally) => boolean) | undefined {
  if (join?.policy === 'failFast') return ({ failed }) => failed > 0;
  if (join?.policy !== 'quorum') return undefined;
  const { count } = join;
  return ({ members, succeeded, failed }) => succeeded >= count || members - failed < count;
}

/** What members give by a policy; a failure says how many have succeeded and why the first one in order did not. */
export function judge(join: Join, outcomes: SoFar): CanvasOutcome {
  if (join.policy === 'collect') return { ok: true, value: outcomes.map((outcome) => memberOutcome(outcome)) };
  const values = succeededOf(outcomes).map(({ value }) => value);
  const needed = successesNeeded(join, outcomes.length);
  if (values.length >= needed) return { ok: true, value: join.policy === 'quorum' ? values.slice(0, needed) : values };
  const first = outcomes.find((outcome) => outcome?.ok === false);
  const why = first?.ok === false ? `; the first that failed: ${first.failure.type}: ${first.failure.message}` : '';
  const message = `expected ${needed} of ${outcomes.length} members to succeed, got ${values.length}${why}`;
  return { ok: false, failure: { type: 'JoinFailed', message } };
}

function succeededOf(outcomes: SoFar): readonly (CanvasOutcome & { readonly ok: true })[] {
  return outcomes.flatMap((outcome) => (outcome?.ok === true ? [outcome] : []));
}

function successesNeeded(join: Join, members: number): number {
  if ('count' in join) return join.count;
  return 'percent' in join ? Math.ceil((members * join.percent) / 100) : members;
}

function memberOutcome(outcome: CanvasOutcome | undefined): MemberOutcome {
  if (outcome?.ok === true) return { ok: true, value: outcome.value };
  const failure: CanvasFailure = outcome?.failure ?? { type: 'Unexpected', message: 'has not ended' };
  const { type, message, task = null, path = null, taskId: id = null } = failure;
  return { ok: false, failure: { type, message, task, path, id } };
}
