/** How tasks of the catalogue are called from a canvas: arguments become the input, options become the activity's. */
import { CancellationScope, CancelledFailure, isCancellation, setHandler, sleep } from '@temporalio/workflow';
import { REVOKED } from '../../canvas/model/outcome.ts';
import type { CallContext, PackableCall } from '../../canvas/packing/entries.ts';
import type { Lane, PackPorts } from '../../canvas/packing/ports.ts';
import { createPacker } from '../../canvas/packing/packer.ts';
import { inputOf } from '../../canvas/signature/task-input.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { findTask } from '../calls/catalogue.ts';
import { memberActivityId } from '../../contracts/canvas/members.ts';
import type { PriorityScale } from '../../contracts/canvas/vocabulary.ts';
import type { PackedStep, PackedTasks } from '../../contracts/tasks/packs.ts';
import { limitsOfCall } from '../../contracts/limits/vocabulary.ts';
import { fromCeleryScale, isPriority, priorityKey } from '../../contracts/queues/priorities.ts';
import { effectsOf } from '../calls/task-effects.ts';
import { failureOf } from '../failures.ts';
import { breakerSet } from '../calls/breaker-wait.ts';
import { drained, sendPack } from '../calls/send-pack.ts';
import { ProviderWait } from '../calls/provider-wait.ts';
import { type CallOverrides, proxyTask, softLimit } from '../calls/proxies.ts';
import { callUnderLimits } from './limited-call.ts';
import { inCallWindow } from './runtime.ts';
import type { CallReply, CallRequest } from '../../canvas/model/request.ts';
import type { CallsFacts, CatalogueCalls } from './calls-of-run.ts';
import { unmarked } from '../../contracts/values/sealed.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';

/** Makes calls on behalf of one run. */
export function createCatalogueCalls(facts: CallsFacts): CatalogueCalls {
  const { packed = {}, sent = () => undefined, isRevoked } = facts;
  const underWay = new Set<string>();
  const single = inCallWindow(async (call: SingleCall) => {
    sent(call.path, call.attemptsBefore);
    // The server refuses two activities with one id at once, and a caller may give an id twice.
    const isFirst = !underWay.has(call.id);
    if (isFirst) underWay.add(call.id);
    try {
      return await callAlone(call, facts, isFirst ? memberActivityId(call.id) : undefined);
    } catch (error) {
      facts.stopped?.(call.path);
      throw error;
    } finally {
      if (isFirst) underWay.delete(call.id);
    }
  });
  if (Object.keys(packed).length === 0) return { call: single };
  const run = CancellationScope.current();
  const laneOf = (call: Pick<PackableCall, 'task' | 'options'>): Lane | undefined => laneOfCall(call, facts, packed);
  const laneOfRequest = (request: CallRequest): Lane | undefined =>
    request.expiresAt === null ? laneOf(request) : undefined;
  const packer = createPacker({
    context: contextOfCall,
    laneOf: laneOfRequest,
    stepOf: (call) => (facts.ownIds === true ? { ...stepOf(call), runId: call.id } : stepOf(call)),
    single: (call, attemptsBefore) => single(attemptsBefore === 0 ? call : { ...call, attemptsBefore }),
    send: sendIn(run, facts),
    sent,
    drained,
    ...pausesOf(run),
    cancelled: () => new CancelledFailure('cancelled'),
    isRevoked,
  });
  const watched = new WeakSet<CancellationScope>();
  /** Listens once to each scope that can be cancelled apart from the run. */
  const watch = (scope: CancellationScope): void => {
    if (watched.has(scope)) return;
    watched.add(scope);
    scope.cancelRequested.catch(() => {
      packer.recallUnwanted();
    });
  };
  return {
    call: (request) => {
      const scope = CancellationScope.current();
      // A call that outlives the cancellation of the run, such as a compensation, shares no activity.
      if (run.consideredCancelled || !scope.cancellable) return single(request);
      const reply = packer.call(request);
      if (scope === run) return reply;
      watch(scope);
      return Promise.race([reply, scope.cancelRequested]);
    },
    packs: {
      takes: (request) => laneOfRequest(request) !== undefined,
      revoke: (concerns) => packer.revoke(concerns),
    },
    mayFollow: (call, next) => {
      const lane = laneOf(call);
      return lane !== undefined && lane.key === laneOf(next)?.key;
    },
  };
}

/** How calls that share activities wait; those that wait for a provider go on when somebody sets its breaker. */
function pausesOf(run: CancellationScope): Pick<PackPorts, 'sleep' | 'waitForProvider'> {
  const parked = new ProviderWait();
  setHandler(breakerSet, () => parked.wake());
  return { sleep: (ms) => run.run(() => sleep(ms)), waitForProvider: (ms) => run.run(() => parked.pass(ms)) };
}

/** A pack runs in a scope of the whole run, so that a cancelled call does not end the pack of the others. */
function sendIn(run: CancellationScope, { tenant }: CallsFacts): PackPorts['send'] {
  return (lane, calls, tasks) => {
    const send = (): ReturnType<typeof sendPack> =>
      sendPack(run, lane, tenant === undefined ? calls : { ...calls, tenant }, tasks);
    const own = new CancellationScope({ cancellable: true, parent: run });
    return { done: own.run(send), recall: () => own.cancel() };
  };
}

/** The input that a task of the catalogue was given; `undefined` for anything else. */
export function catalogueInput({ task: name, args, kwargs }: CallRequest): unknown {
  const task = findTask(name);
  return task === undefined ? undefined : inputOf(task, args, kwargs);
}

function contextOfCall(): CallContext {
  const scope = CancellationScope.current();
  return {
    wanted: () => !scope.consideredCancelled,
    start: (work) => {
      const own = new CancellationScope({ cancellable: true, parent: scope });
      return { done: own.run(work), cancel: () => own.cancel() };
    },
  };
}

type SingleCall = PackableCall & { readonly attemptsBefore?: number };

async function callAlone(call: SingleCall, facts: CallsFacts, activityId: string | undefined): Promise<CallReply> {
  const task = findTask(call.task);
  if (task === undefined) return failed('UnknownTask', `expected the name of a task, got '${call.task}'`);
  try {
    const input = inputOf(task, call.args, call.kwargs);
    const again = furtherAttempts(task, call.attemptsBefore ?? 0);
    const runId = facts.ownIds === true ? call.id : undefined;
    const overrides = {
      ...overridesOf(task, call, facts.priorityScale),
      ...again,
      runId,
      activityId,
      tenant: facts.tenant,
    };
    const limits = limitsOfCall(task, unmarked(input), facts.tenant, call.options.limits ?? []);
    const value =
      limits.length === 0
        ? await proxyTask(task, overrides)(input)
        : await callUnderLimits(task, input, call.id, overrides, limits);
    return replyOf(task, call, value);
  } catch (error) {
    // Whatever an activity ends with once the run was cancelled is the cancellation.
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
    // A call under limits is a task, which somebody may revoke alone.
    if (isCancellation(error)) return { kind: 'failed', failure: REVOKED };
    const { type, message } = failureOf(error);
    return failed(type, message);
  }
}

function replyOf(task: AnyTask, { path }: PackableCall, value: unknown): CallReply {
  const effects = effectsOf(task, value, path);
  if (effects === undefined) return { kind: 'done', value: value ?? null };
  const { replacedBy: canvas, sends: spawn } = effects;
  return canvas === undefined
    ? { kind: 'done', value: effects.value ?? null, spawn }
    : { kind: 'replace', canvas, spawn };
}

/** What is left of the attempts of a task, those in packs counted. */
function furtherAttempts({ retry }: AnyTask, attemptsBefore: number): CallOverrides {
  return attemptsBefore === 0 ? {} : { attemptsBefore, attempts: Math.max(1, retry.attempts - attemptsBefore) };
}

function failed(type: string, message: string): CallReply {
  return { kind: 'failed', failure: { type, message } };
}

function overridesOf(task: AnyTask, call: PackableCall, scale: PriorityScale = 'perennial'): CallOverrides {
  const { queue, priority, headers } = call.options;
  const { expiresAt = null } = call;
  return {
    queue: queue ?? undefined,
    ...limitsOf(task, call),
    headers: headers ?? undefined,
    // The type of the activity names the task.
    summary: call.path.slice(0, 200),
    ...(typeof priority === 'number' ? { priority: { priorityKey: keyOf(priority, scale) } } : {}),
    ...(expiresAt === null ? {} : { expiresInMs: Math.max(1, expiresAt - Date.now()) }),
  };
}

function limitsOf(task: AnyTask, { options }: PackableCall): Pick<CallOverrides, 'hardMs' | 'softMs'> {
  const hardMs = milliseconds(options.time_limit);
  return { hardMs, softMs: softLimit(task.limits, milliseconds(options.soft_time_limit), hardMs) };
}

function milliseconds(seconds: number | null | undefined): number | undefined {
  return typeof seconds === 'number' ? Math.max(1, Math.round(seconds * SECOND_MS)) : undefined;
}

function keyOf(priority: number, scale: PriorityScale): number {
  const own = scale === 'perennial' ? Math.min(10, Math.max(1, priority)) : fromCeleryScale(priority, scale);
  return priorityKey(isPriority(own) ? own : 5);
}

/** A call that names another queue is made alone: that queue may have a rate limit. */
function laneOfCall(
  { task, options }: Pick<PackableCall, 'task' | 'options'>,
  { priorityScale = 'perennial' }: CallsFacts,
  packed: PackedTasks,
): Lane | undefined {
  const queue = packed[findTask(task)?.name ?? ''];
  if (queue === undefined || !mayShare(options, queue)) return undefined;
  const priority = typeof options.priority === 'number' ? keyOf(options.priority, priorityScale) : undefined;
  return { key: `${queue} ${priority ?? ''}`, queue, priority };
}

function mayShare({ queue, limits }: PackableCall['options'], own: string): boolean {
  return (queue ?? own) === own && (limits ?? []).length === 0;
}

function stepOf(call: PackableCall): PackedStep {
  const task = findTask(call.task);
  const { headers } = call.options;
  return {
    id: call.id,
    task: task?.name ?? call.task,
    args: call.args,
    ...(Object.keys(call.kwargs).length === 0 ? {} : { kwargs: call.kwargs }),
    ...(task === undefined ? {} : limitsOf(task, call)),
    ...(headers === null || headers === undefined ? {} : { headers }),
  };
}
