/** Times as the server writes them. */
import type { WorkflowExecutionDescription } from '@temporalio/client';

/** A moment or a duration of the server. */
export type ServerTime = NonNullable<WorkflowExecutionDescription['raw']['workflowExecutionInfo']>['startTime'];

/** Milliseconds; of a moment since 1970. 0 for one that is absent. */
export function millis(time: ServerTime): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}

/** ISO text, or `null` for a moment that is absent. */
export function isoTime(time: ServerTime): string | null {
  return time ? new Date(millis(time)).toISOString() : null;
}
