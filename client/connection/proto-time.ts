/** Conversion of the server's timestamps. */
import type { WorkflowExecutionDescription } from '@temporalio/client';

/** A timestamp or a duration of the server. */
export type ServerTime = NonNullable<WorkflowExecutionDescription['raw']['workflowExecutionInfo']>['startTime'];

/** Converts to milliseconds, for a timestamp since 1970; 0 when absent. */
export function millis(time: ServerTime): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}

/** Converts a timestamp to ISO 8601; `null` when absent. */
export function isoTime(time: ServerTime): string | null {
  return time ? new Date(millis(time)).toISOString() : null;
}
