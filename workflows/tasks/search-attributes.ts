/** Search attributes of task runs. */
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { isCancellation, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { searchAttributes, type TaskState } from '../../contracts/tasks/calls.ts';
import { failureOf } from '../failures.ts';

const keyOf = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const stateKey = keyOf(searchAttributes.state);
const rootKey = keyOf(searchAttributes.root);
const tenantKey = keyOf(searchAttributes.tenant);

/**
 * The search attributes of a task that a run starts, below the same root. None
 * where the run has none: the server may not know them.
 */
export function inheritedAttributes(task: string): { readonly typedSearchAttributes?: TypedSearchAttributes } {
  const { typedSearchAttributes: own, workflowId } = workflowInfo();
  if (own.get(stateKey) === undefined) return {};
  const tenant = own.get(tenantKey);
  const inherited = [
    // A run of a schedule, whose id the server has made, is a root that was started without its own id.
    { key: rootKey, value: own.get(rootKey) ?? workflowId },
    ...(tenant === undefined ? [] : [{ key: tenantKey, value: tenant }]),
  ];
  const named = [
    { key: keyOf(searchAttributes.task), value: task },
    { key: stateKey, value: 'PENDING' },
  ];
  return { typedSearchAttributes: new TypedSearchAttributes([...named, ...inherited]) };
}

/**
 * Puts the state of the run into the index. Only for runs that were started
 * with one: on a server that does not know the attribute, the call would stop
 * the workflow for ever.
 */
export function indexState(state: TaskState): void {
  const { typedSearchAttributes: own, workflowId } = workflowInfo();
  if (own.get(stateKey) === undefined) return;
  const root = own.get(rootKey) === undefined ? [{ key: rootKey, value: workflowId }] : [];
  upsertSearchAttributes([{ key: stateKey, value: state }, ...root]);
}

/** The last state of a run that ends with an error. An expired task counts as revoked, as it does for Celery. */
export function endStateOf(error: unknown): TaskState {
  return isCancellation(error) || failureOf(error).type === 'TaskExpired' ? 'REVOKED' : 'FAILURE';
}
