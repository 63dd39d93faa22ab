import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  type ChildWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  sleep,
  startChild,
  type Workflow,
} from '@temporalio/workflow';
import type {
  RunReason,
  RunState,
  SolarRunInput,
  SolarRunResult,
  SolarTarget,
} from '../../contracts/schedules/vocabulary.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { canvasWorkflowId, canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { DAY_MS } from '../../contracts/values/units.ts';
import { tasks } from '../calls/tasks.ts';
import { dueAt } from '../calls/due-at.ts';
import { rootAttributes } from '../tasks/search-attributes.ts';

/**
 * Runs one day of a solar schedule: compute the time, sleep until it, run the target. Its schedule starts it once a
 * day; on a polar day or night there is no such time, and the ledger records that.
 * @throws ApplicationFailure whatever the target fails with
 */
export async function runAtSolarEvent(input: SolarRunInput): Promise<SolarRunResult> {
  try {
    const day = scheduledDay();
    const { at } = await tasks.schedules.findSolarEvent({ solar: input.solar, ...day });
    if (at === null) return await noRun(input, { state: 'skipped', reason: 'polar', at: null, dueAt: day.from });
    const lateMs = Date.now() - Date.parse(at);
    if (lateMs > input.catchupMs) return await noRun(input, { state: 'missed', reason: 'catch-up', at, dueAt: at });
    if (lateMs < 0) await sleep(-lateMs);
    return await runTarget(input, at);
  } catch (error) {
    // What the target failed with, not that a child of this workflow failed.
    throw error instanceof ChildWorkflowFailure && !isCancellation(error) ? error.cause : error;
  }
}

/** The day that this run is for: it starts when the run was due, however late the run itself started. */
function scheduledDay(): { from: string; until: string } {
  const from = dueAt();
  return { from, until: new Date(Date.parse(from) + DAY_MS).toISOString() };
}

interface NoRun {
  readonly state: Exclude<RunState, 'ran'>;
  readonly reason: RunReason;
  readonly at: string | null;
  readonly dueAt: string;
}

async function noRun(
  { scheduleId, solar }: SolarRunInput,
  { state, reason, at, dueAt }: NoRun,
): Promise<SolarRunResult> {
  const detail = `${solar.event} at ${String(solar.latitude)}, ${String(solar.longitude)}`;
  await tasks.schedules.recordRun({ scheduleId, dueAt, state, reason, detail, workflowId: null, startedAt: null });
  return { state, reason, at };
}

/** The id of the child is the moment itself, so that a second run of the same day starts nothing. */
async function runTarget(input: SolarRunInput, at: string): Promise<SolarRunResult> {
  const { scheduleId, target } = input;
  const moment = `${scheduleId}-${at}`;
  const isCanvas = 'workflow' in target && target.workflow === canvasWorkflows.runCanvas;
  const workflowId = isCanvas ? canvasWorkflowId(moment) : moment;
  const child = await startOnce(target, workflowId, at);
  if (child === undefined) return { state: 'skipped', reason: 'duplicate', at };
  const startedAt = new Date(Date.now()).toISOString();
  await tasks.schedules.recordRun({
    scheduleId,
    dueAt: at,
    state: 'ran',
    reason: null,
    detail: null,
    workflowId,
    startedAt,
  });
  await child.result();
  return { state: 'ran', at, workflowId };
}

async function startOnce(
  target: SolarTarget,
  workflowId: string,
  at: string,
): Promise<ChildWorkflowHandle<Workflow> | undefined> {
  const [name, args]: [string, unknown[]] =
    'task' in target ? [taskWorkflows.runTask, taskArguments(target, at)] : [target.workflow, [...target.args]];
  try {
    return await startChild(name, {
      workflowId,
      args,
      ...rootAttributes(target.listed, workflowId),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

/** The child does not know the moment of the event, from which its expiry is counted. */
function taskArguments({ task, input, facts }: Extract<SolarTarget, { task: string }>, at: string): unknown[] {
  if (facts === undefined) return [task, input];
  const { expiresAfterDueMs, ...others } = facts;
  if (expiresAfterDueMs === undefined) return [task, input, others];
  return [task, input, { ...others, expiresAt: new Date(Date.parse(at) + expiresAfterDueMs).toISOString() }];
}
