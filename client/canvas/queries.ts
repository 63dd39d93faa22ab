/** Queries of canvas runs. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { CanvasPage } from '../../contracts/canvas/views.ts';
import type { Rpc } from '../connection/rpc.ts';

/** Identifies one run, so that a later run with the same workflow id cannot answer instead. */
export interface RunOf {
  readonly workflowId: string;
  readonly runId: string;
}

/** Sends one query. @throws Unavailable no worker answers for the run */
export function ask<T>(rpc: Rpc, { workflowId, runId }: RunOf, name: string, ...args: unknown[]): Promise<T> {
  return rpc.call(workflowId, (client) =>
    client.workflow.getHandle(workflowId, runId).query<T, unknown[]>(name, ...args),
  );
}

/** Reads all pages of a list, until there are enough entries. */
export async function askAll<T>(
  rpc: Rpc,
  run: RunOf,
  question: string,
  enough = Number.POSITIVE_INFINITY,
): Promise<readonly T[]> {
  const entries: T[] = [];
  for (let after: number | null = 0; after !== null && entries.length < enough;) {
    const page: CanvasPage<T> = await ask<CanvasPage<T>>(rpc, run, question, after);
    entries.push(...page.entries);
    after = page.next;
  }
  return entries;
}

/** Returns the server's description of a run. @throws NotFound */
export function describe(rpc: Rpc, workflowId: string): Promise<WorkflowExecutionDescription> {
  return rpc.call(workflowId, (client) => client.workflow.getHandle(workflowId).describe());
}
