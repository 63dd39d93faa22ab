/** Search attributes of task runs. */
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { isCancellation, patched, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import {
  keepsOrder,
  type Listed,
  type ListedRun,
  searchAttributes,
  SYSTEM_TAG,
  type TaskState,
} from '../../contracts/tasks/calls.ts';
import { PARKED_TAG } from '../../contracts/parked/vocabulary.ts';
import { failureOf } from '../failures.ts';

const keyOf = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const taskKey = keyOf(searchAttributes.task);
const stateKey = keyOf(searchAttributes.state);
const rootKey = keyOf(searchAttributes.root);
const tenantKey = keyOf(searchAttributes.tenant);
const tagsKey = defineSearchAttributeKey(searchAttributes.tags, SearchAttributeType.KEYWORD_LIST);
const membersKey = defineSearchAttributeKey(searchAttributes.members, SearchAttributeType.KEYWORD_LIST);
/** The server gives it to the runs of every schedule. */
const scheduleKey = keyOf('TemporalScheduledById');

/**
 * The search attributes of a task that a run starts, below the same root. None
 * where the run has none: the server may not know them.
 *
 * @param task - its name; a run without one hands the others on, and is not listed among the tasks
 */
export function inheritedAttributes(task?: string): { readonly typedSearchAttributes?: TypedSearchAttributes } {
  const { typedSearchAttributes: own, workflowId } = workflowInfo();
  if (own.get(stateKey) === undefined) return {};
  // A run of a schedule, whose id the server has made, is a root that was started without its own id.
  const root = own.get(rootKey) ?? workflowId;
  return { typedSearchAttributes: pending({ task, tenant: own.get(tenantKey) }, root) };
}

/**
 * The search attributes of a run that is a root of its own. None where the caller
 * gives nothing to find it by: the server may not know them.
 */
export function rootAttributes(
  listed: Listed | undefined,
  root: string,
): { readonly typedSearchAttributes?: TypedSearchAttributes } {
  return listed === undefined ? {} : { typedSearchAttributes: pending(listed, root) };
}

/**
 * Puts a run into the index that was started without: by another SDK, by Temporal's own command, by a schedule that
 * Perennial did not make. A server that does not know the attributes refuses the starts of Perennial's client too.
 */
export function indexStart({ task, tenant, tags = [] }: ListedRun): void {
  const { typedSearchAttributes: own, root, workflowId } = workflowInfo();
  // Runs that began before this was done have no such entry in their histories.
  if (own.get(stateKey) !== undefined || !patched('indexed-at-start')) return;
  const kept = task !== undefined && own.get(scheduleKey) !== undefined && keepsOrder(task);
  const listed = { task, tenant, tags: kept ? [...tags, SYSTEM_TAG] : tags };
  const known = pending(listed, root?.workflowId ?? workflowId).getAll();
  // What the starter has given stays.
  upsertSearchAttributes(known.filter(({ key }) => own.get(key) === undefined));
}

function pending({ task, tenant, tags = [] }: ListedRun, root: string): TypedSearchAttributes {
  return new TypedSearchAttributes([
    ...(task === undefined ? [] : [{ key: taskKey, value: task }]),
    { key: stateKey, value: 'PENDING' },
    { key: rootKey, value: root },
    ...(tenant === undefined ? [] : [{ key: tenantKey, value: tenant }]),
    ...(tags.length === 0 ? [] : [{ key: tagsKey, value: [...tags] }]),
  ]);
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

/** The task that the run is listed as; `undefined` where it is not listed among the tasks. */
export function taskOfRun(): string | undefined {
  return workflowInfo().typedSearchAttributes.get(taskKey);
}

/** Puts the keys of calls into the index, for runs that are in it. */
export function indexMembers(keys: readonly string[]): void {
  if (workflowInfo().typedSearchAttributes.get(stateKey) === undefined) return;
  upsertSearchAttributes([{ key: membersKey, value: [...keys] }]);
}

/** Tags a run while failed steps wait in it for a person, for runs that are in the index. */
export function indexParked(parked: boolean): void {
  const own = workflowInfo().typedSearchAttributes;
  if (own.get(stateKey) === undefined) return;
  const others = (own.get(tagsKey) ?? []).filter((tag) => tag !== PARKED_TAG);
  const tags = parked ? [...others, PARKED_TAG] : others;
  upsertSearchAttributes([{ key: tagsKey, value: tags.length === 0 ? null : tags }]);
}

/** The last state of a run that ends with an error. An expired task counts as revoked, as it does for Celery. */
export function endStateOf(error: unknown): TaskState {
  return isCancellation(error) || failureOf(error).type === 'TaskExpired' ? 'REVOKED' : 'FAILURE';
}
