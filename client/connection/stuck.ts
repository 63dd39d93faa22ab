/** Runs whose workflow task fails again and again: the server takes messages for them, and nobody reads these. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { stuckRemedy, Unavailable } from './errors.ts';

/** Attempts of one workflow task from which a run counts as stuck; fewer may be caused by a restart of a worker. */
const STUCK_ATTEMPTS = 3;

/** The attempt at the workflow task of a run that is stuck; `undefined` for one that is not. */
export function stuckAttempt(raw: WorkflowExecutionDescription['raw']): number | undefined {
  const attempt = raw.pendingWorkflowTask?.attempt ?? 0;
  return attempt >= STUCK_ATTEMPTS ? attempt : undefined;
}

/**
 * Says that a cancellation is not carried out.
 *
 * @throws Unavailable for a run that is stuck
 */
export function requireDelivery(id: string, raw: WorkflowExecutionDescription['raw']): void {
  const attempt = stuckAttempt(raw);
  if (attempt === undefined) return;
  const state = `the workflow task fails, attempt ${String(attempt)}`;
  throw new Unavailable(
    `The cancellation of '${id}' is not delivered: the job is stuck, ${state}. The server keeps the request; ` +
      `${stuckRemedy(id)}. To end it without that: temporal workflow terminate --workflow-id '${id}'.`,
  );
}
