/** Failed calls of workflows that are written by hand: they wait where they were made, and the workflow with them. */
import {
  ActivityFailure,
  type ActivityOptions,
  CancellationScope,
  isCancellation,
  scheduleActivity,
  workflowInfo,
  type WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import type { ParkedDecision } from '../../contracts/parked/vocabulary.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { failureOf } from '../failures.ts';
import { createParkingPlace, mayPark, type ParkingPlace, parkMsOfMemo } from './place.ts';

type ActivityInput = Parameters<NonNullable<WorkflowOutboundCallsInterceptor['scheduleActivity']>>[0];

/** These park their steps themselves, with the paths of their trees and without the limits that they hold. */
const INTERPRETERS: ReadonlySet<string> = new Set([...Object.values(canvasWorkflows), ...Object.values(taskWorkflows)]);

/**
 * Creates what makes failed calls of one run wait, where its memo asks for it. The path of a call is its task and its
 * number among the calls of this task, from 1.
 */
export function parkFailedCalls(): WorkflowOutboundCallsInterceptor {
  const made = new Map<string, number>();
  /** Options of calls that are made again, whose failures the loop below looks at. */
  const again = new WeakSet<ActivityOptions>();
  let place: ParkingPlace | undefined;

  const settle = async (input: ActivityInput, path: string, first: unknown, parkMs: number): Promise<unknown> => {
    place ??= createParkingPlace(parkMs);
    let call = input;
    for (let error = first; ;) {
      const { type, message } = failureOf(error);
      const decision = await place.park({ path, task: input.activityType, failure: { type, message } });
      if (decision === undefined || decision.action === 'abort') throw error;
      if (decision.action === 'skip') return decision.value;
      call = callAgain(call, error, decision);
      again.add(call.options);
      try {
        return await scheduleActivity<unknown>(call.activityType, call.args, call.options, call.typeInfo);
      } catch (next) {
        if (!isForGood(next)) throw next;
        error = next;
      }
    }
  };

  return {
    scheduleActivity: (input, next) => {
      const parkMs = again.has(input.options) ? undefined : parkMsOfRun();
      if (parkMs === undefined) return next(input);
      const number = (made.get(input.activityType) ?? 0) + 1;
      made.set(input.activityType, number);
      return next(input).catch((error: unknown) => {
        if (!isForGood(error)) throw error;
        return settle(input, `${input.activityType}/${number}`, error, parkMs);
      });
    },
  };
}

function parkMsOfRun(): number | undefined {
  return INTERPRETERS.has(workflowInfo().workflowType) ? undefined : parkMsOfMemo();
}

/** What is done while a run is being stopped must not wait for anybody. */
function isForGood(error: unknown): boolean {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) return false;
  return CancellationScope.current().cancellable && mayPark(failureOf(error).type);
}

/** What the shell is told beside the input. */
function factsOf({ args }: ActivityInput): readonly unknown[] {
  return args.slice(1);
}

/** The same activity, with the id that it had, of which ids for providers are made; one with another input is another. */
function callAgain(call: ActivityInput, error: unknown, { input }: ParkedDecision): ActivityInput {
  const { activityId } = error instanceof ActivityFailure ? error : { activityId: undefined };
  const { activityId: _id, ...given } = call.options;
  const options: ActivityOptions = { ...given, scheduleToStartTimeout: undefined }; // whoever retries wants it now
  if (input !== undefined) return { ...call, args: [input, ...factsOf(call)], options };
  return { ...call, options: activityId === undefined ? options : { ...options, activityId } };
}
