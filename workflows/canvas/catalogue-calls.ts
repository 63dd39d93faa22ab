/** How tasks of the catalogue are called from a canvas: arguments become the input, options become the activity's. */
import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';
import { REVOKED } from '../../canvas/outcome.ts';
import type { CallReply, CallRequest } from '../../canvas/runtime.ts';
import { inputOf } from '../../canvas/task-input.ts';
import { type AnyTask, findTask } from '../../contracts/catalogue.ts';
import type { PriorityScale } from '../../contracts/canvas.ts';
import { limitsOfCall } from '../../contracts/limits.ts';
import { fromCeleryScale, isPriority, priorityKey } from '../../contracts/priorities.ts';
import { failureOf } from '../failures.ts';
import { type CallOverrides, proxyTask, softLimit } from '../proxies.ts';
import { callUnderLimits } from './limited-call.ts';

const SECOND = 1000;

/** Makes calls on behalf of one run. */
export function createCatalogueCalls(facts: {
  readonly tenant?: string | undefined;
  readonly priorityScale?: PriorityScale | undefined;
}): (request: CallRequest) => Promise<CallReply> {
  return async (request) => {
    const task: AnyTask | undefined = findTask(request.task);
    if (task === undefined) return failed('UnknownTask', `expected the name of a task, got '${request.task}'`);
    try {
      const input = inputOf(task, request.args, request.kwargs);
      const overrides = { ...overridesOf(task, request, facts.priorityScale), tenant: facts.tenant };
      const limits = limitsOfCall(task, input, facts.tenant, request.options.limits ?? []);
      const value =
        limits.length === 0
          ? await proxyTask(task, overrides)(input)
          : await callUnderLimits(task, input, request.id, overrides, limits);
      return { kind: 'done', value: value ?? null };
    } catch (error) {
      // Whatever an activity ends with once the run was cancelled is the cancellation.
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
      // A call under limits is a task, which somebody may revoke alone.
      if (isCancellation(error)) return { kind: 'failed', failure: REVOKED };
      const { type, message } = failureOf(error);
      return failed(type, message);
    }
  };
}

/** The input that a task of the catalogue was given; `undefined` for anything else. */
export function catalogueInput({ task: name, args, kwargs }: CallRequest): unknown {
  const task: AnyTask | undefined = findTask(name);
  return task === undefined ? undefined : inputOf(task, args, kwargs);
}

function failed(type: string, message: string): CallReply {
  return { kind: 'failed', failure: { type, message } };
}

function overridesOf(task: AnyTask, request: CallRequest, scale: PriorityScale = 'perennial'): CallOverrides {
  const { queue, priority, soft_time_limit: soft, time_limit: hard, headers } = request.options;
  const hardMs = milliseconds(hard);
  const softMs = softLimit(task.limits, milliseconds(soft), hardMs);
  return {
    queue: queue ?? undefined,
    hardMs,
    softMs,
    headers: headers ?? undefined,
    summary: `${request.task} ${request.path}`.slice(0, 200),
    ...(typeof priority === 'number' ? { priority: { priorityKey: keyOf(priority, scale) } } : {}),
    ...(request.expiresAt === null ? {} : { expiresInMs: Math.max(1, request.expiresAt - Date.now()) }),
  };
}

function milliseconds(seconds: number | null | undefined): number | undefined {
  return typeof seconds === 'number' ? Math.max(1, Math.round(seconds * SECOND)) : undefined;
}

function keyOf(priority: number, scale: PriorityScale): number {
  const own = scale === 'perennial' ? Math.min(10, Math.max(1, priority)) : fromCeleryScale(priority, scale);
  return priorityKey(isPriority(own) ? own : 5);
}
