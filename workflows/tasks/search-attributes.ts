/** What a run tells the server's index about itself. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { isCancellation, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { searchAttributes, type TaskState } from '../../contracts/calls.ts';
import { failureOf } from '../failures.ts';

const stateKey = defineSearchAttributeKey(searchAttributes.state, SearchAttributeType.KEYWORD);

/**
 * Puts the state of the run into the index. Only for runs that were started
 * with one: on a server that does not know the attribute, the call would stop
 * the workflow for ever.
 */
export function indexState(state: TaskState): void {
  if (workflowInfo().typedSearchAttributes.get(stateKey) === undefined) return;
  upsertSearchAttributes([{ key: stateKey, value: state }]);
}

/** The last state of a run that ends with an error. An expired task counts as revoked, as it does for Celery. */
export function endStateOf(error: unknown): TaskState {
  return isCancellation(error) || failureOf(error).type === 'TaskExpired' ? 'REVOKED' : 'FAILURE';
}
