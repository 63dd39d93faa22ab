/** Retries a failed or revoked task, with the same or another input. */
import { type WorkflowExecutionDescription, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { type CallFacts, retryId, searchAttributes } from '../../contracts/tasks/calls.ts';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { queues } from '../../contracts/queues/names.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import type { runTask } from '../../workflows/index.ts';
import { retryFailed } from '../canvas/retry.ts';
import { whileThere } from '../canvas/part-runs.ts';
import { describe } from '../canvas/queries.ts';
import { fingerprintOf } from '../connection/fingerprint.ts';
import { statusOf } from '../connection/handles.ts';
import type { QueueGate } from '../queues/gate.ts';
import type { Rpc } from '../connection/rpc.ts';
import { readStart, type RunStart } from '../connection/run-start.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import { requireMember } from './members.ts';
import { requireExternal, requireTask } from './external.ts';
import { checkArguments } from './prepare-call.ts';
import type { RetryOptions } from './types.ts';
import { InvalidInput } from '../connection/validate.ts';

/**
 * Starts the retry of a task with the queue, priority, tenant, limits and headers of the first run, but without its expiry.
 *
 * @returns the id of the retry, which is the same for repeated requests
 * @throws NotFound, InvalidInput, PerennialError `MemberOfCanvas`, `RunNotOver`, `NothingFailed`, `QueueDraining`
 */
export async function retryTask(rpc: Rpc, gate: QueueGate, id: string, options: RetryOptions): Promise<string> {
  const description = await whileThere(() => describe(rpc, id));
  if (description === undefined) return refuseMember(rpc, id, (await requireMember(rpc, id)).run);
  if (parentOf(description) !== undefined && description.type === taskWorkflows.runTask)
    return refuseMember(rpc, id, description);
  requireFailed(description);
  const start = await readStart(rpc, id, description.runId);
  if (start.workflow === canvasWorkflows.runCanvas && !('input' in options)) return (await retryFailed(rpc, id)).id;
  if (start.workflow !== taskWorkflows.runTask) throw wrongRun(id, start.workflow);
  return startAgain(rpc, gate, description, start, options);
}

/** Refuses a call of a canvas, and names the canvas, which is above the parts that make its calls. */
async function refuseMember(rpc: Rpc, id: string, run: WorkflowExecutionDescription): Promise<never> {
  let canvas = run.workflowId;
  for (
    let at: WorkflowExecutionDescription | undefined = run;
    at !== undefined && at.type !== canvasWorkflows.runCanvas;
  ) {
    canvas = parentOf(at) ?? canvas;
    at = parentOf(at) === undefined ? undefined : await whileThere(() => describe(rpc, canvas));
  }
  throw new PerennialError(
    'MemberOfCanvas',
    `The task '${id}' is a call of the canvas '${canvas}': expected the id of a single task.`,
  );
}

function parentOf({ raw }: WorkflowExecutionDescription): string | undefined {
  return raw.workflowExecutionInfo?.parentExecution?.workflowId ?? undefined;
}

function requireFailed(description: WorkflowExecutionDescription): void {
  const status = statusOf(description);
  const { workflowId: id } = description;
  if (status === 'running') throw new PerennialError('RunNotOver', `The task '${id}' is still going on.`);
  if (status === 'completed') throw new PerennialError('NothingFailed', `The task '${id}' succeeded.`);
}

function wrongRun(id: string, workflow: string): InvalidInput {
  const expected = 'the id of a single task; one with links only without another input';
  return new InvalidInput([{ field: 'id', expected, got: `${id}, a run of ${workflow}` }]);
}

async function startAgain(
  rpc: Rpc,
  gate: QueueGate,
  description: WorkflowExecutionDescription,
  { runId, args, priority }: RunStart,
  options: RetryOptions,
): Promise<string> {
  // The workflow was started with these; facts are absent for starts by schedules.
  const [name, before, { expiresAt: _expiresAt, ...facts } = {}] = args as [string, unknown, CallFacts?];
  const task: AnyTask = requireTask(name);
  const replaced = 'input' in options;
  const input = replaced ? checkedReplacement(task, options.input, options.externalOnly === true) : before;
  await gate.requireOpen(facts.queue ?? task.queue);
  const { workflowId } = description;
  const mark = replaced ? fingerprintOf(rpc, [runId, input]).text : runId;
  const id = retryId(workflowId, mark);
  try {
    await rpc.call(id, (client) =>
      client.workflow.start<typeof runTask>(taskWorkflows.runTask, {
        workflowId: id,
        taskQueue: queues.workflows,
        args: [name, input, facts],
        priority,
        typedSearchAttributes: indexedAs({ task: name, root: id, tenant: facts.tenant, tags: tagsOf(description) }),
        staticSummary: `${name} again, after ${workflowId}`.slice(0, 200),
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    );
  } catch (error) {
    // The retry exists already.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return id;
}

/** Checks another input in the same way as a start by name. */
function checkedReplacement(task: AnyTask, input: unknown, externalOnly: boolean): unknown {
  if (externalOnly) requireExternal(task.name);
  return checkArguments(task, input);
}

function tagsOf({ typedSearchAttributes }: WorkflowExecutionDescription): readonly string[] {
  return typedSearchAttributes.get({ name: searchAttributes.tags, type: 'KEYWORD_LIST' }) ?? [];
}
