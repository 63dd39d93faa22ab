/** Activities for canvases: they answer with what they were given, fail, wait or ask for a canvas in their place when told to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { catalogue } from '../../../contracts/catalogue.ts';
import { resultWithEffects } from '../../../canvas/model/task-effects.ts';
import { isSignature } from '../../../canvas/signature/signature.ts';
import type { World } from '../scenarios/scenario.ts';
import { isRecord } from '../../../canvas/signature/json.ts';

export interface ScriptedCanvas extends World {
  /** Every call, in order: name and input. */
  readonly calls: { readonly task: string; readonly input: unknown }[];
}

export function scriptCanvas(): ScriptedCanvas {
  const calls: ScriptedCanvas['calls'] = [];
  const failures = new Map<unknown, number>();
  const answer = (task: string) => async (input: unknown) => {
    calls.push({ task, input });
    const { fails, takesMs, n } = isRecord(input) ? input : {};
    if (typeof takesMs === 'number') await waitCancellably(takesMs);
    const failed = failures.get(n) ?? 0;
    if (typeof fails === 'number' && failed < fails) {
      failures.set(n, failed + 1);
      throw ApplicationFailure.create({ type: 'BackendUnavailable', message: 'away', nextRetryDelay: 1 });
    }
    if (task === 'limits.acquire') return { granted: true, ahead: 0 };
    if (fails === 'always') throw ApplicationFailure.nonRetryable('the document is damaged', 'CorruptDocument');
    return answerOf(task, input);
  };
  return { calls, activities: Object.fromEntries(catalogue.map(({ name }) => [name, answer(name)])) };
}

/** A task that is told to asks for canvases. */
function answerOf(task: string, input: unknown): object {
  if (!isRecord(input)) return { list: input, by: task };
  const { becomes, sends } = input;
  return isSignature(becomes)
    ? resultWithEffects({ replacedBy: becomes, sends: isSignature(sends) ? [sends] : [] })
    : { ...input, by: task };
}

/** Cancellation is heard with a heartbeat. */
async function waitCancellably(ms: number): Promise<void> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 200);
  try {
    await sleep(ms, undefined, { signal: context.cancellationSignal });
  } catch {
    throw new CancelledFailure('cancelled');
  } finally {
    clearInterval(beat);
  }
}
