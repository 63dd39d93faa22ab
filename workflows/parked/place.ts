/**
 * Where failed steps of one run wait for a person. A step that waits costs one timer: no activity, no polling, no slot of
 * a worker. It ends by a decision, or at its deadline, and then fails as it would have failed at once.
 */
import { condition, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  isAtOrBelow,
  MAX_PARKED_SHOWN,
  type ParkedDecision,
  type ParkedRecord,
  type ParkedStep,
  type ParkedView,
  parkedMemo,
  parkMsOf,
  refusalOfParked,
} from '../../contracts/parked/vocabulary.ts';
import { invalidInput } from '../failures.ts';
import { indexParked } from '../tasks/search-attributes.ts';
import { decideParkedUpdate, parkedQuery } from './messages.ts';

interface Waiting {
  readonly step: ParkedStep;
  decision?: ParkedDecision;
}

/** What of a step is known when it has failed. */
export type FailedStep = Pick<ParkedStep, 'path' | 'task' | 'failure'>;

/** Where failed steps of one run wait. */
export interface ParkingPlace {
  /**
   * Waits.
   *
   * @param isOver - says whether the step was stopped meanwhile
   * @returns the decision; `undefined` at the deadline, and for a step that was stopped
   * @throws CancelledFailure
   */
  readonly park: (step: FailedStep, isOver?: () => boolean) => Promise<ParkedDecision | undefined>;
}

/** Most decisions that a run remembers beside its history. */
const MOST_DECISIONS = 100;
const LONGEST_MESSAGE = 2_000;

/** Failures that nobody can mend: the call was stopped, or came too late. */
const OVER: ReadonlySet<string> = new Set(['TaskExpired', 'TaskRevoked', 'TaskRevokedError']);

/** Says whether a step that failed so may wait for a person. */
export function mayPark(type: string): boolean {
  return !OVER.has(type);
}

/** How long failed steps of this run wait by its memo, in milliseconds; `undefined` where they do not. */
export function parkMsOfMemo(): number | undefined {
  const { memo = {} } = workflowInfo();
  return parkMsOf(memo[parkedMemo.onFailure], memo[parkedMemo.parkedFor]);
}

/** Makes the place of a run, and registers its messages. */
export function createParkingPlace(parkMs: number): ParkingPlace {
  const waiting = new Map<string, Waiting>();
  const decisions: ParkedRecord[] = [];
  setHandler(parkedQuery, () => viewOf(waiting, decisions), { description: 'Failed steps that wait for a person' });
  setHandler(decideParkedUpdate, (decision) => decide(waiting, decisions, decision), {
    description: 'Decide about failed steps: { path, action: retry, skip or abort, by, reason, input, value }',
    validator: (decision: ParkedDecision) => {
      const refused = refusalOfParked(decision, undecided(waiting));
      if (refused !== undefined) throw invalidInput(refused);
    },
  });
  return {
    park: async (failed, isOver = () => false) => {
      const now = Date.now();
      const entry: Waiting = { step: stepOf(failed, now, now + parkMs) };
      if (waiting.size === 0) indexParked(true);
      waiting.set(failed.path, entry);
      try {
        const summary = `parked: ${failed.task} ${failed.path}`.slice(0, 200);
        await condition(() => entry.decision !== undefined || isOver(), parkMs, { summary });
        return entry.decision;
      } finally {
        waiting.delete(failed.path);
        if (waiting.size === 0) indexParked(false);
      }
    },
  };
}

function stepOf({ path, task, failure }: FailedStep, since: number, until: number): ParkedStep {
  return {
    path,
    task,
    failure: { type: failure.type, message: failure.message.slice(0, LONGEST_MESSAGE) },
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
  };
}

function undecided(waiting: ReadonlyMap<string, Waiting>): readonly string[] {
  return [...waiting].filter(([, { decision }]) => decision === undefined).map(([path]) => path);
}

function viewOf(waiting: ReadonlyMap<string, Waiting>, decisions: readonly ParkedRecord[]): ParkedView {
  const open = undecided(waiting);
  const steps = open.slice(0, MAX_PARKED_SHOWN).flatMap((path) => waiting.get(path)?.step ?? []);
  return { steps, waiting: open.length, decisions };
}

function decide(
  waiting: ReadonlyMap<string, Waiting>,
  decisions: ParkedRecord[],
  decision: ParkedDecision,
): readonly string[] {
  const { path, action, by, reason = null } = decision;
  const meant = undecided(waiting).filter((one) => isAtOrBelow(one, path));
  for (const one of meant) {
    const entry = waiting.get(one);
    if (entry !== undefined) entry.decision = decision;
  }
  decisions.push({ path, action, by, reason, at: new Date().toISOString(), steps: meant.length });
  if (decisions.length > MOST_DECISIONS) decisions.shift();
  return meant;
}
