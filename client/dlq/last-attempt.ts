/** Reads the last attempt at a task in a run from the end of its history. */
import type { Rpc } from '../connection/rpc.ts';

/** The last attempt at a task. */
export interface LastAttempt {
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly queue: string | null;
}

/** Events from the end that are looked at. */
const EVENTS = 50;

/** Returns the last attempt; `undefined` when the end of the history holds none. */
export async function readLastAttempt(
  rpc: Rpc,
  execution: { readonly workflowId: string; readonly runId: string },
): Promise<LastAttempt | undefined> {
  const { history } = await rpc.call(execution.workflowId, (client) =>
    client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution,
      maximumPageSize: EVENTS,
    }),
  );
  const events = history?.events ?? [];
  const started = events.find((event) => event.activityTaskStartedEventAttributes)?.activityTaskStartedEventAttributes;
  if (!started) return undefined;
  const scheduled = events.find(({ eventId }) => String(eventId) === String(started.scheduledEventId));
  return {
    attempt: started.attempt ?? 1,
    queue: scheduled?.activityTaskScheduledEventAttributes?.taskQueue?.name ?? null,
  };
}
