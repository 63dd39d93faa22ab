/** The verdict about a run: what became of each job, by what is there at the far ends. */
import type { FarEnd } from './far-end.ts';
import type { Job } from './jobs.ts';

/** A job and the id of its run. */
export interface AcceptedJob extends Job {
  readonly id: string;
}

/** What became of the jobs of a run. */
export interface ChaosVerdict {
  readonly accepted: number;
  /** All effects are there. */
  readonly completed: number;
  /** Effects are missing, and a dead letter says why: nothing is lost, for an operator can redrive it. */
  readonly deadLettered: number;
  /** Effects that are there more than once. */
  readonly duplicated: readonly string[];
  /** Jobs with missing effects and no letter, with the effects that are missing. */
  readonly lost: readonly LostJob[];
}

/** A job with missing effects and no dead letter. */
export interface LostJob {
  readonly id: string;
  readonly missing: readonly string[];
}

/** Compares what was accepted with what is there. */
export function judge(jobs: readonly AcceptedJob[], { effects, letters }: FarEnd): ChaosVerdict {
  const withLetter = new Set(letters.flatMap(({ taskId, workflowId }) => [taskId, workflowId]));
  const lacking = jobs
    .map(({ id, effects: expected }) => ({ id, missing: expected.filter((key) => !effects.has(key)) }))
    .filter(({ missing }) => missing.length > 0);
  const lost = lacking.filter(({ id }) => !withLetter.has(id));
  return {
    accepted: jobs.length,
    completed: jobs.length - lacking.length,
    deadLettered: lacking.length - lost.length,
    duplicated: jobs.flatMap(({ effects: expected }) => expected.filter((key) => (effects.get(key) ?? 0) > 1)),
    lost,
  };
}
