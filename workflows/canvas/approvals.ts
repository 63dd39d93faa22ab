/** Approvals: steps that wait for a person, the decisions, and what happens at a timeout. */
import { condition, setHandler } from '@temporalio/workflow';
import { isSignature } from '../../canvas/signature/signature.ts';
import {
  type ApprovalDecision,
  type Approved,
  type PendingApproval,
  refusalOfDecision,
} from '../../contracts/canvas/steps.ts';
import { invalidInput } from '../failures.ts';
import { approvalsQuery, decideUpdate, decisionsQuery } from './approval-messages.ts';
import type { CallReply, CallRequest } from '../../canvas/model/request.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';

interface Waiting extends PendingApproval {
  decision?: ApprovalDecision;
}

/** Registers the messages; before the first await, so that none is missed. Gives what waits for one decision. */
export function createApprovals(): (request: CallRequest) => Promise<CallReply> {
  const waiting = new Map<string, Waiting>();
  const decided = new Map<string, ApprovalDecision>();
  setHandler(approvalsQuery, () => [...waiting.values()].filter(({ decision }) => decision === undefined), {
    description: 'Steps that wait for a person',
  });
  setHandler(decisionsQuery, () => [...decided.values()], { description: 'What persons have decided in this run' });
  setHandler(decideUpdate, (decision) => decide(waiting, decided, decision), {
    description: 'Approve or reject: { path, decision, by, note }',
    validator: (decision: ApprovalDecision) => {
      refuse(waiting, decided, decision);
    },
  });
  return async (request) => {
    const entry = entryOf(request);
    waiting.set(request.path, entry);
    try {
      await decisionOf(entry, request);
    } finally {
      waiting.delete(request.path);
    }
    return replyOf(request, entry.decision);
  };
}

async function decisionOf(entry: Waiting, { kwargs }: CallRequest): Promise<void> {
  const isDecided = (): boolean => entry.decision !== undefined;
  const { timeout } = kwargs;
  if (typeof timeout === 'number') await condition(isDecided, Math.max(1, Math.ceil(timeout * SECOND_MS)));
  else await condition(isDecided);
}

function entryOf({ path, kwargs }: CallRequest): Waiting {
  const { message, timeout } = kwargs;
  const until = typeof timeout === 'number' ? new Date(Date.now() + timeout * SECOND_MS).toISOString() : null;
  return { path, message: typeof message === 'string' ? message : '', since: new Date().toISOString(), until };
}

/** The same decision twice is one: a client that got no answer may ask again. */
function repeats(decided: ReadonlyMap<string, ApprovalDecision>, { path, decision, by }: ApprovalDecision): boolean {
  const had = decided.get(path);
  return had?.decision === decision && had.by === by;
}

/**
 * Refuses a decision that nothing waits for; it leaves no trace in the run.
 *
 * @throws ApplicationFailure `InvalidInput`
 */
function refuse(
  waiting: ReadonlyMap<string, Waiting>,
  decided: ReadonlyMap<string, ApprovalDecision>,
  wanted: ApprovalDecision,
): void {
  if (repeats(decided, wanted)) return;
  const had = decided.get(wanted.path);
  if (waiting.has(wanted.path) && had === undefined) return;
  const message = refusalOfDecision(wanted.path, [...waiting.keys()], had);
  throw invalidInput(message);
}

function decide(
  waiting: ReadonlyMap<string, Waiting>,
  decided: Map<string, ApprovalDecision>,
  decision: ApprovalDecision,
): ApprovalDecision {
  const entry = waiting.get(decision.path);
  if (entry !== undefined) entry.decision ??= decision;
  const first = decided.get(decision.path) ?? decision;
  decided.set(decision.path, first);
  return first;
}

function replyOf(request: CallRequest, decision: ApprovalDecision | undefined): CallReply {
  if (decision !== undefined) return settle(request, decision.decision === 'approve', decision);
  const { timeout, onTimeout = 'fail' } = request.kwargs;
  if (isSignature(onTimeout)) return { kind: 'replace', canvas: onTimeout, given: request.args };
  const message = `nobody decided within ${Number(timeout)} s`;
  if (onTimeout === 'fail') return { kind: 'failed', failure: { type: 'ApprovalTimedOut', message } };
  return settle(request, onTimeout === 'approve', { by: null, note: message });
}

function settle(
  { args, kwargs }: CallRequest,
  approved: boolean,
  { by, note = null }: { readonly by: string | null; readonly note?: string | null | undefined },
): CallReply {
  const value = args[0] ?? null;
  if (kwargs['gives'] === 'decision') {
    const decided: Approved<unknown> = { approved, by, note, value };
    return { kind: 'done', value: decided };
  }
  if (approved) return { kind: 'done', value };
  const message = `rejected${by === null ? '' : ` by ${by}`}${note === null ? '' : `: ${note}`}`;
  return { kind: 'failed', failure: { type: 'ApprovalRejected', message } };
}
