import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import { PIPELINE_MEMO, pipelineIn } from '../../contracts/dlq/steps.ts';
import { originOfRun } from './kept-steps.ts';

const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/**
 * Returns the time for which a run was started, as ISO time: for a run of a schedule its due time, however late it was
 * started; for one that repeats a failed run the time of that one; for a step of a canvas the time at which it began; otherwise the start of the workflow. It is the same on
 * every replay.
 */
export function dueAt(): string {
  const { typedSearchAttributes, startTime, memo } = workflowInfo();
  const dueBefore = (originOfRun() ?? pipelineIn(memo?.[PIPELINE_MEMO]))?.dueAt;
  if (dueBefore !== undefined) return dueBefore;
  return (typedSearchAttributes.get(scheduledStart) ?? startTime).toISOString();
}
