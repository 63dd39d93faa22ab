/** Calls under limits by key: each is a task of its own, which knows how to wait its turn. */
import { ChildWorkflowCancellationType, executeChild, ParentClosePolicy, workflowInfo } from '@temporalio/workflow';
import { childOfMember } from '../../contracts/canvas/members.ts';
import type { CallFacts } from '../../contracts/tasks/calls.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import type { CallOverrides } from '../calls/proxies.ts';
import type { runTask } from '../tasks/run-task.ts';
import { inheritedAttributes } from '../tasks/search-attributes.ts';

/**
 * Makes a call as a run of `runTask`, under its limits.
 *
 * @param id - of the call
 */
export function callUnderLimits(
  task: AnyTask,
  input: unknown,
  id: string,
  { queue, priority, hardMs, softMs, tenant, headers, expiresInMs, summary }: CallOverrides,
  limits: CallFacts['limits'],
): Promise<unknown> {
  const expiresAt = expiresInMs === undefined ? undefined : new Date(Date.now() + expiresInMs).toISOString();
  const workflowId = childOfMember(workflowInfo().workflowId, id);
  const own = workflowId === id ? {} : { taskId: id };
  const facts: CallFacts = { ...own, queue, softMs, hardMs, tenant, headers, limits, expiresAt };
  return executeChild<typeof runTask>(taskWorkflows.runTask, {
    workflowId,
    args: [task.name, input, facts],
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    // A run that is terminated takes its calls along; they give their places back.
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    ...(priority === undefined ? {} : { priority }),
    staticSummary: `${task.name} ${summary ?? ''}`.trim().slice(0, 200),
    ...inheritedAttributes(task.name),
  });
}
