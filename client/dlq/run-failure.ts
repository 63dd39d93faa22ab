/** Reads why a run failed: the failure, and the way to the step that met it. */
import { ActivityFailure, ChildWorkflowFailure, WorkflowFailedError } from '@temporalio/client';
import { failureRecord, type FailureType, isFailureType, PerennialError } from '../../contracts/failures.ts';
import { translateError } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';

/** What is known about a failure. */
export interface FailureFacts {
  readonly type: FailureType;
  readonly message: string;
  /** Lines of the stack, without the message. */
  readonly traceback: string;
}

/** The failure of a run. */
export interface RunFailure {
  readonly facts: FailureFacts;
  /** Names of the workflows and of the task on the way to the step. */
  readonly path: readonly string[];
  /** The runs below the failed one on that way. */
  readonly runs: readonly { readonly workflowId: string; readonly runId: string }[];
}

/** Deepest chain of causes that is followed. */
const MOST_CAUSES = 20;

/** Reads the failure of a run that has closed. @throws NotFound, Unavailable */
export async function readFailure(rpc: Rpc, workflowId: string, runId: string): Promise<RunFailure> {
  const error = await errorOf(rpc, workflowId, runId);
  const translated = translateError(error, workflowId, rpc.address);
  const { type, message } =
    translated instanceof PerennialError && isFailureType(translated.type)
      ? translated
      : failureRecord('Unexpected', translated.message);
  const causes = causesOf(error);
  return {
    facts: { type, message, traceback: tracebackOf(causes) },
    path: causes.flatMap((cause) =>
      cause instanceof ActivityFailure
        ? cause.activityType
        : cause instanceof ChildWorkflowFailure
          ? cause.workflowType
          : [],
    ),
    runs: causes.flatMap((cause) => {
      if (!(cause instanceof ChildWorkflowFailure)) return [];
      const { workflowId: id, runId: run } = cause.execution;
      return id && run ? { workflowId: id, runId: run } : [];
    }),
  };
}

async function errorOf(rpc: Rpc, workflowId: string, runId: string): Promise<unknown> {
  return rpc.call(workflowId, async (client) => {
    try {
      await client.workflow.getHandle(workflowId, runId, { followRuns: false }).result();
      return new Error('The run has not failed.');
    } catch (error) {
      if (error instanceof WorkflowFailedError) return error;
      throw error;
    }
  });
}

function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < MOST_CAUSES; at = at.cause) causes.push(at);
  return causes;
}

/** The stack of the innermost cause that has one; messages are left out, because vendors put contents into them. */
function tracebackOf(causes: readonly Error[]): string {
  const stacks = causes.map(({ stack = '' }) => stack.split('\n').filter((line) => /^\s+at /.test(line)));
  return (stacks.findLast((lines) => lines.length > 0) ?? []).slice(0, 30).join('\n');
}
