import {
  CancellationScope,
  CancelledFailure,
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
} from '@temporalio/workflow';
import { memberActivityId } from '../../contracts/canvas/members.ts';
import type { CallFacts } from '../../contracts/tasks/calls.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { findTask } from '../calls/catalogue.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { instantOf } from '../../contracts/values/instant.ts';
import { proxyTask, softLimit } from '../calls/proxies.ts';
import { listenForTurns, underLimits } from './limits.ts';
import { dueAt } from '../calls/due-at.ts';
import { finalResult } from '../calls/final-result.ts';
import { failureOf } from '../failures.ts';
import { createParkingPlace, mayPark, type ParkingPlace, parkMsOfMemo } from '../parked/place.ts';

/**
 * Runs one task of the catalogue on its own, so that schedules and callers have
 * one mechanism for single tasks and pipelines. Its id is the id of the task.
 *
 * @param facts - what the call says otherwise than the task's row
 * @returns what the task gives; `null` where the result is to be ignored
 * @throws ApplicationFailure `UnknownTask` for a name that no task has; `TaskExpired`; whatever the task fails with
 */
export async function runTask(name: string, input: unknown, facts: CallFacts = {}): Promise<unknown> {
  const turns = listenForTurns();
  const place = placeOf(facts);
  try {
    const task = requireTask(name);
    const attempt = (given: unknown, expiresAt: number | undefined): Promise<unknown> => {
      const still = expiresAt === undefined ? { ...facts, expiresAt, expiresAfterDueMs: undefined } : facts;
      const goOnAsNew = (): Promise<never> => continueAsNew<typeof runTask>(name, given, still);
      return underLimits(facts.limits ?? [], { turns, expiresAt, goOnAsNew }, () =>
        callTask(task, given, facts, expiresAt),
      );
    };
    const given = await attemptUntilSettled(task, place, input, attempt, expiryOf(facts));
    // The place of the task is free by now, because its effects may be calls under the same limit.
    const result = task.composes === true ? await finalResult(task, given, facts) : given;
    return facts.ignoreResult === true ? null : result;
  } catch (error) {
    throw error instanceof ContinueAsNew ? error : asEnded(error);
  }
}

function placeOf({ parkMs = parkMsOfMemo() }: CallFacts): ParkingPlace | undefined {
  return parkMs === undefined ? undefined : createParkingPlace(parkMs);
}

/** A task that waits for a person holds no limit meanwhile; a retry has no expiry, because somebody wants it now. */
async function attemptUntilSettled(
  task: AnyTask,
  place: ParkingPlace | undefined,
  input: unknown,
  attempt: (input: unknown, expiresAt: number | undefined) => Promise<unknown>,
  expiresAt: number | undefined,
): Promise<unknown> {
  for (let given = input, expiry = expiresAt; ; expiry = undefined) {
    try {
      return await attempt(given, expiry);
    } catch (error) {
      if (place === undefined || !isForGood(error)) throw error;
      const decision = await place.park({ path: 'root', task: task.name, failure: failureOf(error) });
      if (decision === undefined || decision.action === 'abort') throw error;
      if (decision.action === 'skip') return decision.value;
      given = decision.input ?? given;
    }
  }
}

function isForGood(error: unknown): boolean {
  const stopped = isCancellation(error) || CancellationScope.current().consideredCancelled;
  return !(error instanceof ContinueAsNew) && !stopped && mayPark(failureOf(error).type);
}

/** Returns the expiry in milliseconds since 1970; the due time of a schedule is the same after continue-as-new. */
function expiryOf({ expiresAt, expiresAfterDueMs }: CallFacts): number | undefined {
  if (expiresAt !== undefined) return instantOf(expiresAt);
  return expiresAfterDueMs === undefined ? undefined : Date.parse(dueAt()) + expiresAfterDueMs;
}

function requireTask(name: string): AnyTask {
  const task = findTask(name);
  if (task === undefined)
    throw new PerennialError('UnknownTask', `expected the name of a task of the catalogue, got '${name}'`);
  return task;
}

async function callTask(
  task: AnyTask,
  input: unknown,
  facts: CallFacts,
  expiresAt: number | undefined,
): Promise<unknown> {
  const { queue = task.queue, hardMs, tenant, headers, taskId } = facts;
  const activityId = taskId === undefined ? undefined : memberActivityId(taskId);
  const expiresInMs = expiresAt === undefined ? undefined : expiresAt - Date.now();
  if (expiresInMs !== undefined && expiresInMs <= 0)
    throw new PerennialError('TaskExpired', 'The time for the task came after it had expired.');
  setCurrentDetails(`${task.name} on ${queue}`);
  const softMs = softLimit(task.limits, facts.softMs, hardMs);
  return proxyTask(task, { queue, hardMs, softMs, tenant, headers, expiresInMs, activityId })(input);
}

/** A revoked task ends as revoked, also where its worker has died meanwhile. */
function asEnded(error: unknown): unknown {
  const revoked = CancellationScope.current().consideredCancelled && !isCancellation(error);
  return revoked ? new CancelledFailure('the task was revoked') : error;
}
