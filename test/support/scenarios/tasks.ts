/** Runs of single tasks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { resultWithEffects } from '../../../canvas/model/task-effects.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import type { CallFacts } from '../../../contracts/tasks/calls.ts';
import { breakerSignals, PARKED, type ParkedCall } from '../../../contracts/breakers/vocabulary.ts';
import { limitSignals } from '../../../contracts/limits/vocabulary.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { type Scenario, until } from './scenario.ts';

/** One scripted task, and the bookkeeping of limits in memory. */
export interface ScriptedTask {
  readonly activities: Activities;
  /** Attempts of the task, in order. */
  readonly attempts: number[];
  /** Calls of the bookkeeping, for example `acquire k`. */
  readonly bookkeeping: string[];
}

interface Plan {
  /** Fails in the first so many attempts. @defaultValue 0 */
  readonly failures?: number;
  readonly permanent?: boolean;
  /** How long an attempt takes, in milliseconds; cancellation ends it. @defaultValue 0 */
  readonly takesMs?: number;
  /** What `limits.acquire` answers, in turn; the last one for good. @defaultValue granted */
  readonly grants?: readonly boolean[];
  /** The provider takes no call for so long in the first attempt, in milliseconds. @defaultValue it takes all */
  readonly parkedMs?: number;
  /** How long `limits.reserve` says to wait, in milliseconds. @defaultValue 0 */
  readonly waitMs?: number;
}

const place = { limits: [{ key: 'k', concurrency: 1 }] };

const addOne = (data: number, options: Signature['options'] = {}): Signature => ({
  task: 'samples.addOne',
  kwargs: { data },
  options,
});

export function scriptTask(plan: Plan = {}): ScriptedTask {
  const attempts: number[] = [];
  const bookkeeping: string[] = [];
  let asked = 0;
  const note = (what: string, input: unknown): void => {
    bookkeeping.push(`${what} ${(input as { key: string }).key}`); // the shape of every input of the bookkeeping
  };
  return {
    attempts,
    bookkeeping,
    activities: {
      'samples.addOne': async (input) => {
        attempts.push(Context.current().info.attempt);
        if (plan.parkedMs !== undefined && attempts.length === 1) throw parked(plan.parkedMs);
        await work(plan.takesMs ?? 0);
        if (attempts.length <= (plan.failures ?? 0)) throw failure(plan.permanent === true);
        return (input as { data: number }).data + 1; // what the scenarios pass
      },
      'samples.sumOfSquares': () =>
        Promise.resolve(resultWithEffects({ replacedBy: addOne(4, place), sends: [addOne(5)] })),
      'limits.acquire': (input) => {
        note('acquire', input);
        const grants = plan.grants ?? [true];
        const granted = grants[Math.min(asked, grants.length - 1)] ?? true;
        asked += 1;
        return Promise.resolve({ granted, ahead: granted ? 0 : 1 });
      },
      'limits.release': (input) => {
        note('release', input);
        return Promise.resolve({ released: true });
      },
      'limits.reserve': (input) => {
        note('reserve', input);
        return Promise.resolve({ waitMs: plan.waitMs ?? 0 });
      },
    },
  };
}

/** Takes its time with a beating heart, until it is cancelled. */
async function work(takesMs: number): Promise<void> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 500);
  try {
    await sleep(takesMs, undefined, { signal: context.cancellationSignal });
  } catch {
    throw context.cancellationSignal.reason;
  } finally {
    clearInterval(beat);
  }
}

function parked(waitMs: number): ApplicationFailure {
  const details: ParkedCall = { key: 'provider', waitMs, attemptsBefore: 0 };
  return ApplicationFailure.create({ type: PARKED, message: 'scripted', nonRetryable: true, details: [details] });
}

function failure(permanent: boolean): ApplicationFailure {
  return ApplicationFailure.create({
    type: permanent ? 'FileMissing' : 'BackendUnavailable',
    message: 'scripted',
    nonRetryable: permanent,
    nextRetryDelay: 10,
  });
}

function scenario(
  plan: Plan,
  facts?: CallFacts,
  meanwhile?: Scenario<ScriptedTask>['meanwhile'],
): Scenario<ScriptedTask> {
  return {
    workflow: taskWorkflows.runTask,
    world: () => scriptTask(plan),
    args: ['samples.addOne', { data: 1 }, ...(facts === undefined ? [] : [facts])],
    ...(meanwhile === undefined ? {} : { meanwhile }),
  };
}

const rate = { limits: [{ key: 'r', rate: { count: 1, perMs: 1000 } }] };

export const taskScenarios = {
  'run-task.success': scenario({}),
  // Started past the client, as all of these are, so that the run says itself what it is found by.
  'run-task.indexed': scenario({}, { tenant: 'acme' }),
  'run-task.failed': scenario({ failures: 1, permanent: true }),
  'run-task.retried': scenario({ failures: 1 }),
  'run-task.revoked': scenario({ takesMs: 60_000 }, undefined, async (handle, { attempts }) => {
    await until(() => attempts.length > 0);
    await handle.cancel();
  }),
  'run-task.options': scenario(
    {},
    { queue: 'documents.critical', softMs: 900, hardMs: 1000, ignoreResult: true, tenant: 'acme', headers: { a: 1 } },
  ),
  'run-task.expired': scenario({}, { expiresAt: '2026-01-01T00:00:00.000Z' }),
  'run-task.limited': scenario({}, place),
  'run-task.waited': scenario({ grants: [false, true] }, place, async (handle, { bookkeeping }) => {
    await until(() => bookkeeping.length > 0);
    await handle.signal(limitSignals.granted, 'k');
  }),
  'run-task.looked-again': scenario({ grants: [false, true] }, place),
  'run-task.revoked-while-waiting': scenario({ grants: [false] }, place, async (handle, { bookkeeping }) => {
    await until(() => bookkeeping.length > 0);
    await handle.cancel();
  }),
  'run-task.parked': scenario({ parkedMs: 50 }),
  'run-task.woken': scenario({ parkedMs: 60_000 }, undefined, async (handle, { attempts }) => {
    await until(() => attempts.length > 0);
    await handle.signal(breakerSignals.set, 'provider');
  }),
  'run-task.rate': scenario({ waitMs: 50 }, rate),
  'run-task.task-effects': { ...scenario({}, place), args: ['samples.sumOfSquares', { data: [2] }, place] },
  'run-task.unknown': { ...scenario({}), args: ['no.such', {}] },
} as const satisfies Readonly<Record<string, Scenario<ScriptedTask>>>;
