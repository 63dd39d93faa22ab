import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';

const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/**
 * Returns the due time of a report as ISO time: the due time in the schedule for a scheduled run, so that a late or
 * backfilled run reports on the right days; otherwise the start of the workflow. It is the same on every replay.
 */
export function dueAt(): string {
  const { typedSearchAttributes, startTime } = workflowInfo();
  return (typedSearchAttributes.get(scheduledStart) ?? startTime).toISOString();
}
