/** Starts one task of a domain under an id of the domain's own. */
import type { Workflow } from '@temporalio/client';
import type { PriorityLevels } from '../../contracts/queues/priorities.ts';
import { type Routed, routeTask } from '../../contracts/queues/routing.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import type { runTask } from '../../workflows/index.ts';
import type { Rpc } from '../connection/rpc.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import { startJob, type StartOf } from '../connection/start-job.ts';
import { serverPriority } from './prepare-call.ts';

/** What becomes of a start under an id that a job has or had. */
export type Again = Pick<StartOf<Workflow>, 'whenDone' | 'whenFailed'>;

/** One task and its input, which has been checked. */
export interface QueuedTask {
  readonly task: Routed & { readonly name: string };
  readonly workflowId: string;
  readonly input: unknown;
  /** On whose behalf. @defaultValue nobody's */
  readonly tenant?: string | undefined;
  readonly again: Again;
}

/** Starts a task with its own priority: what carries none would count as the middle one. */
export async function queueTask(
  rpc: Rpc,
  levels: PriorityLevels,
  { task, workflowId, input, tenant, again }: QueuedTask,
): Promise<void> {
  const args: Parameters<typeof runTask> = tenant === undefined ? [task.name, input] : [task.name, input, { tenant }];
  await startJob<typeof runTask>(rpc, {
    workflow: taskWorkflows.runTask,
    workflowId,
    args,
    priority: serverPriority(routeTask(task, input).priority, tenant, levels),
    staticSummary: task.name,
    typedSearchAttributes: indexedAs({ task: task.name, root: workflowId, tenant }),
    ...again,
  });
}
