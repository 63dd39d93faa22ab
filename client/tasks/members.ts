/** Calls of canvases as tasks: their state, result and revocation by their id. */
import { childOfMember, memberActivityId } from '../../contracts/canvas/members.ts';
import { canvasSteps } from '../../contracts/canvas/steps.ts';
import type { CanvasMember } from '../../contracts/canvas/views.ts';
import { isFailureType, PerennialError } from '../../contracts/failures.ts';
import { searchAttributes } from '../../contracts/tasks/calls.ts';
import { PACK_ACTIVITY } from '../../contracts/tasks/packs.ts';
import { findMember, type FoundMember } from '../canvas/members.ts';
import { unmarkedOutput } from '../../contracts/values/sealed.ts';
import { resultsOf, stackIn } from '../canvas/member-results.ts';
import { whileThere } from '../canvas/part-runs.ts';
import { revokeCalls } from '../canvas/revoke.ts';
import { Ended, NotFound, Stopped, Unavailable } from '../connection/errors.ts';
import { statusOf } from '../connection/handles.ts';
import type { WaitOptions } from '../connection/jobs.ts';
import { patiently, PATIENCE_MS, pauseFor, type Rpc } from '../connection/rpc.ts';
import type { Revoked, RevokeOptions } from './requests.ts';
import { lastAttempts } from './revoke.ts';
import { describeTask, failedLook, keywordOf, type Look, revokedLook, taskInfo, underWay } from './status.ts';
import type { TaskHandle, TaskInfo } from './types.ts';

/**
 * Returns the handle of a call of a canvas, which is looked for with each request.
 *
 * @param id - of the call; not of a run
 */
export function memberHandle<Result>(rpc: Rpc, id: string): TaskHandle<Result> {
  return {
    id,
    // The caller chooses the type of the result.
    result: async (options) => (await waitFor(rpc, id, options)) as Result,
    status: () => memberStatus(rpc, id),
    revoke: (options) => revokeMember(rpc, id, options),
  };
}

/** Finds a call of a canvas by its id. @throws NotFound no canvas has it; Unavailable no worker answers for its run */
export async function requireMember(rpc: Rpc, id: string): Promise<FoundMember> {
  const found = await findMember(rpc, id);
  if (found === undefined) throw new NotFound(id);
  return found;
}

async function memberStatus(rpc: Rpc, id: string): Promise<TaskInfo> {
  const found = await requireMember(rpc, id);
  const tenant = keywordOf(found.run, searchAttributes.tenant);
  return taskInfo({ id, name: found.member.task, tenant }, await lookAt(rpc, id, found));
}

async function lookAt(rpc: Rpc, id: string, found: FoundMember): Promise<Look> {
  if (found.member.state === 'succeeded') {
    const result = await valueOf(rpc, id, found);
    return { state: 'SUCCESS', result, info: result };
  }
  const failed = lookAtFailure(found.member);
  if (failed !== undefined && found.member.state === 'failed')
    return { ...failed, traceback: await stackIn(rpc, found.run, id) };
  return failed ?? lookAtStopped(found) ?? lookUnderWay(rpc, id, found);
}

/** A call that cannot begin any more has failed with what keeps it from beginning, if that is a failure. */
function lookAtFailure({ state, failure }: CanvasMember): Look | undefined {
  if (state === 'revoked') return revokedLook(failure?.message ?? 'the task was revoked');
  if (failure !== undefined && (state === 'failed' || state === 'skipped')) return failedLook(failure);
  if (state !== 'skipped') return undefined;
  return revokedLook('the task cannot begin any more: what it waited for was stopped');
}

/** A run that was stopped by force could not say so of its calls. */
function lookAtStopped({ run }: FoundMember): Look | undefined {
  const status = statusOf(run);
  return status === 'running' ? undefined : revokedLook(`the run was ${status}`);
}

/** Reads a result; that of a map is the list of its items. */
async function valueOf(rpc: Rpc, id: string, { run, member }: FoundMember): Promise<unknown> {
  if ('value' in member) return unmarkedOutput(member.value);
  const results = await resultsOf(rpc, run, id);
  if (results.length === 0)
    throw new Unavailable(
      `The result of '${id}' is long and held by its run '${run.workflowId}', which gives it when it has ended.`,
    );
  return unmarkedOutput(isMap(member) ? results : results.at(-1));
}

function isMap({ task }: CanvasMember): boolean {
  return task === 'celery.map' || task === 'celery.starmap';
}

/** Asks the server for the attempt, which is an activity, a run of its own or one of many calls in an activity. */
async function lookUnderWay(rpc: Rpc, id: string, { run, member }: FoundMember): Promise<Look> {
  if (member.state === 'replaced') return { state: 'STARTED', info: null };
  if (member.state === 'waiting' || member.part !== undefined) return { state: 'PENDING', info: null };
  const { raw, workflowId } = run;
  const own = attemptsOf({ run }, id);
  if (own.length > 0) return underWay(rpc, { ...raw, pendingActivities: own });
  const child = await whileThere(() => describeTask(rpc, childOfMember(workflowId, id)));
  if (child !== undefined && !child.ready) return { state: child.state, info: child.info };
  if (member.state === 'retrying') return { state: 'RETRY', info: null };
  return member.task === canvasSteps.pipeline ? { state: 'STARTED', info: null } : lookAtPacks(rpc, raw);
}

/** One of many calls in an activity is taken for begun when one of the activities is: the server knows no more. */
async function lookAtPacks(rpc: Rpc, raw: FoundMember['run']['raw']): Promise<Look> {
  const packs = (raw.pendingActivities ?? []).filter(({ activityType }) => activityType?.name === PACK_ACTIVITY);
  const { state } = await underWay(rpc, { ...raw, pendingActivities: packs });
  return { state, info: null };
}

type Attempts = NonNullable<FoundMember['run']['raw']['pendingActivities']>;

/** The attempt at a call that is an activity of its run. */
function attemptsOf({ run }: Pick<FoundMember, 'run'>, id: string): Attempts {
  return (run.raw.pendingActivities ?? []).filter(({ activityId }) => activityId === memberActivityId(id));
}

/** Longest time between two looks, in milliseconds. */
const LOOK_EVERY_MS = 1000;

async function waitFor(
  rpc: Rpc,
  id: string,
  { timeoutMs = Number.POSITIVE_INFINITY, signal }: WaitOptions = {},
): Promise<unknown> {
  const giveUpAt = Date.now() + timeoutMs;
  for (let wait = 50; ; wait = Math.min(LOOK_EVERY_MS, wait * 2)) {
    const left = giveUpAt - Date.now();
    if (left <= 0 || signal?.aborted) throw new Unavailable(`No result of '${id}' within the time given.`);
    const info = await patiently(() => memberStatus(rpc, id), Math.min(PATIENCE_MS, left), signal);
    if (info.ready) return resultOf(info);
    await pauseFor(Math.min(wait, left), signal);
  }
}

function resultOf({ task_id, state, result, info }: TaskInfo): unknown {
  if (state === 'SUCCESS') return result;
  if (state === 'REVOKED') throw new Stopped(task_id, 'cancelled');
  const { exc_type: type } = info as { readonly exc_type: string }; // every failure has one
  throw new PerennialError(isFailureType(type) ? type : 'Unexpected', String(result));
}

async function revokeMember(rpc: Rpc, id: string, { terminate = false }: RevokeOptions = {}): Promise<Revoked> {
  const found = await requireMember(rpc, id);
  const { state } = await lookAt(rpc, id, found);
  if (state === 'REVOKED') return { status: 'revoked', task_id: id, terminated: false };
  if (state === 'SUCCESS' || state === 'FAILURE') throw new Ended(id, state.toLowerCase());
  const { run, member } = found;
  // Without terminate, an attempt that has begun goes on to its end, as in Celery, and is the last one.
  const begun = state === 'STARTED' && !terminate ? attemptsOf(found, id) : [];
  if (begun.length > 0) await lastAttempts(rpc, run.workflowId, begun);
  else await revokeCalls(rpc, run.workflowId, member.path);
  return { status: 'revoked', task_id: id, terminated: terminate && state === 'STARTED' };
}
