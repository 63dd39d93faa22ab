import type { WorkflowHandle } from '@temporalio/client';
import { type ParkedDecision, parkedMessages, type ParkedView } from '../../contracts/parked/vocabulary.ts';
import { until } from './scenarios/scenario.ts';

/** Reads what waits in a run. */
export function parkedIn(handle: WorkflowHandle): Promise<ParkedView> {
  return handle.query<ParkedView>(parkedMessages.parked);
}

/** Decides about steps once so many wait. */
export async function decideOnce(
  handle: WorkflowHandle,
  waiting: number,
  ...decisions: readonly Omit<ParkedDecision, 'by'>[]
): Promise<void> {
  await until(async () => (await parkedIn(handle)).waiting === waiting);
  for (const decision of decisions)
    await handle.executeUpdate(parkedMessages.decide, { args: [{ ...decision, by: 'Ada', reason: 'looked at it' }] });
}

/** Waits for a run that this one starts, counted from 0 in the order in which it asks for them. */
export async function childOf(handle: WorkflowHandle, index: number): Promise<WorkflowHandle> {
  let id: string | null | undefined;
  await until(async () => {
    const { events = [] } = await handle.fetchHistory();
    // They begin in any order, so that the first one that has begun need not be the first one asked for.
    const asked = events?.flatMap((event) => event.startChildWorkflowExecutionInitiatedEventAttributes ?? []);
    const begun = events?.map(
      (event) => event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId,
    );
    id = asked?.[index]?.workflowId;
    return typeof id === 'string' && begun?.includes(id) === true;
  });
  return handle.client.getHandle(String(id));
}
