/** Reads from the server which runs have failed, and why; what keeps dead letters uses it. */
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { MOST_LETTERS_OF_RUN } from '../../contracts/dlq/vocabulary.ts';
import { failures, type FailureType, isFailureType } from '../../contracts/failures.ts';
import { findTask } from '../../contracts/register.schema.ts';
import { searchAttributes } from '../../contracts/tasks/calls.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { failedMembersOf } from '../canvas/progress.ts';
import type { Rpc } from '../connection/rpc.ts';
import { readStart, type RunStart } from '../connection/run-start.ts';
import { readCalls } from './canvas-calls.ts';
import { readLastAttempt } from './last-attempt.ts';
import { type FailureFacts, readFailure } from './run-failure.ts';

/** A step that failed for good; nothing of it is redacted. */
export interface FailedStep extends FailureFacts {
  readonly taskId: string;
  readonly taskName: string;
  readonly input: unknown;
  readonly stepPath: string;
  /** Attempts that were made, at least 1. */
  readonly attempts: number;
  readonly queue: string | null;
}

/** A run that failed for good, with its steps that did. */
export interface FailedRun {
  readonly workflow: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly closedAt: Date;
  readonly tenant: string | null;
  readonly priority: number | null;
  readonly steps: readonly FailedStep[];
}

const keyword = (name: string) => ({ name, type: 'KEYWORD' }) as const;

/**
 * Lists the runs that failed or timed out and closed at or after a time: those that nobody waits for. A run that another
 * one started is a step of that one, unless it is a root of its own.
 */
export async function* failedSince(rpc: Rpc, since: Date): AsyncGenerator<WorkflowExecutionInfo> {
  const query = `ExecutionStatus IN ('Failed', 'TimedOut') AND CloseTime >= '${since.toISOString()}'`;
  for await (const run of rpc.client.workflow.list({ query, pageSize: 200 })) {
    const isRoot = run.parentExecution === undefined || attributeOf(run, 'root') === run.workflowId;
    // A run that ended because it expired counts as revoked.
    if (isRoot && attributeOf(run, 'state') !== 'REVOKED') yield run;
  }
}

function attributeOf(run: WorkflowExecutionInfo, name: 'root' | 'state' | 'tenant' | 'task'): string | undefined {
  return run.typedSearchAttributes.get(keyword(searchAttributes[name]));
}

/** Reads what failed in a run. @throws NotFound the server keeps it no longer; Unavailable */
export async function readFailedRun(rpc: Rpc, run: WorkflowExecutionInfo): Promise<FailedRun> {
  const { workflowId, runId, type: workflow, closeTime } = run;
  const start = await readStart(rpc, workflowId, runId);
  return {
    ...{ workflow, workflowId, runId },
    closedAt: closeTime ?? new Date(),
    tenant: attributeOf(run, 'tenant') ?? null,
    priority: start.priority.priorityKey ?? null,
    steps:
      workflow === canvasWorkflows.runCanvas ? await stepsOfCanvas(rpc, run, start) : [await wholeRun(rpc, run, start)],
  };
}

/** A run of which no more is known than that it failed. */
export function unreadable(run: WorkflowExecutionInfo): FailedRun {
  const { workflowId, runId, type: workflow, closeTime } = run;
  const taskName = attributeOf(run, 'task') ?? workflow;
  const message = 'What failed could not be read: the server or the workers of the workflow do not answer for the run.';
  return {
    ...{ workflow, workflowId, runId },
    closedAt: closeTime ?? new Date(),
    tenant: attributeOf(run, 'tenant') ?? null,
    priority: null,
    steps: [
      {
        ...{ taskId: workflowId, taskName, input: undefined, stepPath: workflow, attempts: 1, queue: null },
        ...{ type: 'Unexpected', message, traceback: '' },
      },
    ],
  };
}

/** The run as one step, with what failed in it last. */
async function wholeRun(rpc: Rpc, run: WorkflowExecutionInfo, { args }: RunStart): Promise<FailedStep> {
  const { workflowId, runId, type } = run;
  const isTask = type === taskWorkflows.runTask;
  const [name, input] = isTask ? [String(args[0]), args[1]] : [attributeOf(run, 'task') ?? type, args];
  const failure = await readFailure(rpc, workflowId, runId);
  const last = await readLastAttempt(rpc, failure.runs.at(-1) ?? { workflowId, runId });
  return {
    ...failure.facts,
    ...{ taskId: workflowId, taskName: name, input },
    stepPath: [...(isTask ? [] : [type]), ...failure.path].join('/') || name,
    attempts: last?.attempt ?? 1,
    queue: last?.queue ?? null,
  };
}

/** The calls of a canvas that failed; the canvas itself when no call did. */
async function stepsOfCanvas(rpc: Rpc, run: WorkflowExecutionInfo, start: RunStart): Promise<readonly FailedStep[]> {
  const members = await failedMembersOf(rpc, run.workflowId, MOST_LETTERS_OF_RUN);
  const failed = members.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return [await wholeRun(rpc, run, start)];
  const calls = await readCalls(rpc, run, failed);
  return failed.map(({ id, task, path, type: name, message }) => {
    const type = isFailureType(name) ? name : 'Unexpected';
    return {
      ...{ taskId: id, taskName: task, stepPath: path, input: calls.get(path)?.input },
      ...{ type, message, traceback: '' },
      attempts: calls.get(path)?.attempts ?? allowed(task, type),
      queue: findTask(task)?.queue ?? null,
    };
  });
}

/** The attempts that the row of a task allows: what a failure that is tried again has used up. */
function allowed(task: string, type: FailureType): number {
  const { class: kind } = failures[type];
  return kind === 'permanent' ? 1 : (findTask(task)?.retry.attempts ?? 1);
}
