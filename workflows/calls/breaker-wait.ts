/**
 * Calls whose provider takes none for the moment. The shell fails such a call before it is made; the run waits here, where no
 * worker is held, and makes the call again with the attempts that it had left.
 */
import { msOptionalToNumber } from '@temporalio/common/lib/time.js';
import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  defineSignal,
  scheduleActivity,
  setHandler,
  type WorkflowInterceptors,
  type WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';
import { breakerSignals, PARKED, parkedCall, type ParkedCall } from '../../contracts/breakers/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { AttemptFacts } from '../../contracts/tasks/calls.ts';
import { WaitingLine } from './waiting-line.ts';

type ActivityInput = Parameters<NonNullable<WorkflowOutboundCallsInterceptor['scheduleActivity']>>[0];

/** An activity that was parked. */
interface Parked extends ParkedCall {
  readonly activityId: string | undefined;
}

/** The signal that a breaker was set by hand. A run that shares activities handles it too. */
export const breakerSet = defineSignal<[key: string]>(breakerSignals.set);

const nothing = (): void => undefined;

/** Creates what makes parked calls wait, for one run. It wraps every activity, however it is called. */
export function createBreakerWait(): Pick<WorkflowInterceptors, 'inbound' | 'outbound'> {
  const lines = new Map<string, WaitingLine>();
  // Without a handler the SDK would keep the signal back.
  setHandler(breakerSet, nothing, { description: 'A breaker was set by hand, so calls that wait for it ask again' });
  return {
    inbound: [
      {
        handleSignal: (input, next) => {
          const [key] = input.args;
          if (input.signalName === breakerSignals.set && typeof key === 'string') lineOf(lines, key).wake();
          return next(input);
        },
      },
    ],
    outbound: [waitingCalls(lines)],
  };
}

/** The line of a provider; a signal may come before the failure of the call that it is about. */
function lineOf(lines: Map<string, WaitingLine>, key: string): WaitingLine {
  const line = lines.get(key) ?? new WaitingLine();
  lines.set(key, line);
  return line;
}

function waitingCalls(lines: Map<string, WaitingLine>): WorkflowOutboundCallsInterceptor {
  /** Options of calls that are made again, whose failures the loop below looks at. */
  const again = new WeakSet<ActivityOptions>();

  const callLater = async (input: ActivityInput, scheduledAt: number, first: Parked): Promise<unknown> => {
    for (let parked = first; ;) {
      const line = lineOf(lines, parked.key);
      const waitMs = withinExpiry(input.options, scheduledAt, parked);
      const made = await line.pass(waitMs, `waits for ${parked.key}`.slice(0, 200));
      const options = optionsAgain(input, scheduledAt, parked);
      again.add(options);
      const args = [input.args[0], factsAgain(input, parked, line.size)];
      try {
        const result = await scheduleActivity<unknown>(input.activityType, args, options, input.typeInfo);
        made(false);
        return result;
      } catch (error) {
        const next = parkedIn(error);
        made(next !== undefined);
        if (next === undefined) throw error;
        parked = next;
      }
    }
  };

  return {
    scheduleActivity: (input, next) => {
      if (again.has(input.options)) return next(input);
      const scheduledAt = Date.now();
      return next(input).catch((error: unknown) => {
        const parked = parkedIn(error);
        if (parked === undefined) throw error;
        return callLater(input, scheduledAt, parked);
      });
    },
  };
}

function parkedIn(error: unknown): Parked | undefined {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { cause, activityId } = error;
  const parked = cause.type === PARKED ? parkedCall(cause.details) : undefined;
  return parked === undefined ? undefined : { ...parked, activityId };
}

function factsOf({ args }: ActivityInput): AttemptFacts {
  return args[1] ?? {}; // nothing else is passed to the shell of a task
}

function factsAgain(input: ActivityInput, { attemptsBefore, lastHeartbeat }: Parked, parked: number): AttemptFacts {
  const facts = { ...factsOf(input), attemptsBefore, parked };
  return lastHeartbeat === undefined ? facts : { ...facts, lastHeartbeat };
}

/** The same activity with the attempts that are left. It keeps its id, of which ids for providers are made. */
function optionsAgain(input: ActivityInput, scheduledAt: number, parked: Parked): ActivityOptions {
  const { options } = input;
  const { retry = {} } = options;
  const { maximumAttempts } = retry;
  const spent = parked.attemptsBefore - (factsOf(input).attemptsBefore ?? 0);
  const expiresInMs = expiryOf(options, parked);
  return {
    ...options,
    retry: maximumAttempts ? { ...retry, maximumAttempts: Math.max(1, maximumAttempts - spent) } : retry,
    ...(parked.activityId === undefined ? {} : { activityId: parked.activityId }),
    scheduleToStartTimeout: expiresInMs === undefined ? undefined : Math.max(1, scheduledAt + expiresInMs - Date.now()),
  }; // an absent time-out and one that is undefined are the same to the SDK
}

/** How long a call may wait for its first attempt, in milliseconds; one that was attempted does not expire. */
function expiryOf({ scheduleToStartTimeout }: ActivityOptions, { attemptsBefore }: ParkedCall): number | undefined {
  return attemptsBefore > 0 ? undefined : msOptionalToNumber(scheduleToStartTimeout);
}

/** The part of a pause that the expiry leaves. @throws PerennialError `TaskExpired` when nothing is left */
function withinExpiry(options: ActivityOptions, scheduledAt: number, parked: Parked): number {
  const expiresInMs = expiryOf(options, parked);
  if (expiresInMs === undefined) return parked.waitMs;
  const left = scheduledAt + expiresInMs - Date.now();
  if (left > 0) return Math.min(parked.waitMs, left);
  throw new PerennialError('TaskExpired', `The provider ${parked.key} took no calls before the task expired.`);
}
