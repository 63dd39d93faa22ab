/** Turns what failed in a run into dead letters, without what an operator may not see. */
import type { FailedRun, FailedStep } from '../../client/dlq/failed-runs.ts';
import { failures } from '../../contracts/failures.ts';
import { maskSecrets, redact } from '../../observability/redact.ts';
import { fingerprintOf, hashOfInput } from '../../services/dlq/fingerprint.ts';
import type { NewDeadLetter } from '../../services/dlq/port.ts';

/** Returns one letter for each step that failed. */
export function lettersOf(run: FailedRun, version: string): readonly NewDeadLetter[] {
  return run.steps.map((step) => letterOf(run, step, version));
}

function letterOf(run: FailedRun, step: FailedStep, version: string): NewDeadLetter {
  const { taskId, taskName, stepPath, type: errorType, attempts, queue } = step;
  const errorMessage = maskSecrets(step.message);
  const { workflow, workflowId, runId, tenant, priority } = run;
  return {
    ...{ taskId, taskName, stepPath, errorType, errorMessage, queue },
    ...argumentsOf(step.input),
    ...{ workflow, workflowId, runId, tenant, priority, version },
    traceback: step.traceback,
    retryCount: attempts - 1,
    failedAt: run.closedAt.toISOString(),
    failureClass: failures[errorType].class,
    fingerprint: fingerprintOf({ errorType, errorMessage, taskName, stepPath, version }),
    // A call whose input is not known counts as another.
    inputHash: hashOfInput(taskName, step.input === undefined ? taskId : step.input),
  };
}

/** A list is the arguments of a pipeline, a record the fields of a task. */
function argumentsOf(input: unknown): Pick<NewDeadLetter, 'args' | 'kwargs'> {
  const shown = redact(input);
  if (Array.isArray(shown)) return { args: shown, kwargs: {} };
  const isRecord = typeof shown === 'object' && shown !== null;
  if (isRecord) return { args: [], kwargs: { ...shown } };
  return { args: shown === undefined ? [] : [shown], kwargs: {} };
}
