/** How dead letters stand in PostgreSQL. */
import type { DeadLetter, DeadLetterFilter } from '../../contracts/dlq/schema.ts';
import type { FailureClass } from '../../contracts/failures.ts';
import type { Resolution } from '../../contracts/dlq/vocabulary.ts';

/** One row of `dead_letters`. */
export interface LetterRow {
  readonly id: string;
  readonly task_id: string;
  readonly task_name: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly error_type: string;
  readonly error_message: string;
  readonly traceback: string;
  readonly retry_count: number;
  readonly failed_at: Date;
  readonly requeued_at: Date | null;
  readonly resolved: boolean;
  readonly failure_class: FailureClass;
  readonly workflow: string;
  readonly workflow_id: string;
  readonly run_id: string;
  readonly step_path: string;
  readonly queue: string | null;
  readonly priority: number | null;
  readonly tenant: string | null;
  readonly fingerprint: string;
  readonly version: string;
  readonly quarantined: boolean;
  readonly redriven_as: string | null;
  readonly redrive: string | null;
  readonly resolution: Resolution | null;
  readonly resolved_by: string | null;
  readonly resolved_at: Date | null;
  readonly reason: string | null;
}

/** Returns the dead letter of a row. */
export function letterOf(row: LetterRow): DeadLetter {
  return {
    taskId: row.task_id,
    taskName: row.task_name,
    args: [...row.args],
    kwargs: row.kwargs,
    errorType: row.error_type,
    errorMessage: row.error_message,
    traceback: row.traceback,
    retryCount: row.retry_count,
    failedAt: row.failed_at.toISOString(),
    requeuedAt: row.requeued_at?.toISOString() ?? null,
    resolved: row.resolved,
    failureClass: row.failure_class,
    workflow: row.workflow,
    workflowId: row.workflow_id,
    runId: row.run_id,
    stepPath: row.step_path,
    queue: row.queue,
    priority: row.priority,
    tenant: row.tenant,
    fingerprint: row.fingerprint,
    version: row.version,
    quarantined: row.quarantined,
    redrivenAs: row.redriven_as,
    redrive: row.redrive,
    resolution: row.resolution,
    resolvedBy: row.resolved_by,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    reason: row.reason,
  };
}

/** What a filter lets through, as a condition in a statement whose first eight parameters are {@link valuesOf}. */
export const WANTED = `($1::text is null or fingerprint = $1)
  and ($2::text is null or task_name = $2)
  and ($3::text is null or workflow = $3)
  and ($4::text is null or tenant = $4)
  and ($5::text is null or error_type = $5)
  and ($6::text is null or failure_class = $6)
  and ($7::timestamptz is null or failed_at >= $7)
  and ($8::timestamptz is null or failed_at < $8)`;

/** The open letters that a filter lets through, in the same way. */
export const OPEN_AND_WANTED = `not resolved and ${WANTED}`;

/** Returns the parameters of {@link OPEN_AND_WANTED}. */
export function valuesOf(filter: DeadLetterFilter): readonly (string | undefined)[] {
  const { fingerprint, task, workflow, tenant, errorType, failureClass, since, until } = filter;
  return [fingerprint, task, workflow, tenant, errorType, failureClass, since, until];
}
