import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';

const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/**
 * The moment a report is due, as ISO time: of a scheduled run its own moment in
 * the schedule, so that a late or backfilled run is about the right days; else
 * the start of the workflow. The same on every replay (P3-14, P3-39).
 */
export function dueAt(): string {
  const { typedSearchAttributes, startTime } = workflowInfo();
  return (typedSearchAttributes.get(scheduledStart) ?? startTime).toISOString();
}
