/**
 * Runs tasks without any server, for debugging and for unit tests (DEBUG-1,
 * TEST-1): the same shell, the same checks of input and output, the same soft
 * time limit; errors come out as they were thrown.
 */
import { randomUUID } from 'node:crypto';
import { effectsIn } from '../../canvas/model/task-effects.ts';
import { type EagerTask, runEagerly } from '../../canvas/reference/evaluator.ts';
import { isSignature, type Signature, signatureList } from '../../canvas/signature/signature.ts';
import { inputOf } from '../../canvas/signature/task-input.ts';
import {
  type AnyTask,
  catalogue,
  findTask,
  type TaskInput,
  type TaskName,
  type TaskOutput,
} from '../../contracts/catalogue.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { Activities } from './activity.ts';
import { type InlineAttempt, withAttempt } from './attempt.ts';
import type { AttemptLog } from './attempt-log.ts';

/** How a task is run inline. */
export interface InlineOptions {
  /** Where start, end and errors are told; `true` for the console. @defaultValue nowhere */
  readonly logs?: boolean | ((line: string) => void) | undefined;
  /** Aborted to stop the task as a cancellation would. */
  readonly signal?: AbortSignal | undefined;
  /** Which attempt this claims to be, from 1. @defaultValue 1 */
  readonly attempt?: number | undefined;
  /** What the attempt before left as its last heartbeat. */
  readonly lastHeartbeat?: unknown;
  /** The queue that it claims to run on. @defaultValue inline */
  readonly queue?: string | undefined;
}

/**
 * Runs one task of the catalogue in this process, and the canvases that it asks for.
 *
 * @param activities - what a worker would register; those of one domain will do
 * @throws whatever the task throws, unchanged
 * @throws PerennialError `UnknownTask` when the activities do not have it; `InvalidInput`, `InvalidOutput`
 */
export async function runTaskInline<N extends TaskName>(
  activities: Activities,
  name: N,
  input: TaskInput<N>,
  options: InlineOptions = {},
): Promise<TaskOutput<N>> {
  const run: RunTask = async (called, given) => {
    const activity = activities[findTask(called)?.name ?? called];
    if (activity === undefined) {
      throw new PerennialError('UnknownTask', `expected one of ${Object.keys(activities).join(', ')}, got '${called}'`);
    }
    return finalOutput(await withAttempt(inlineAttemptOf(options), () => activity(given)), run);
  };
  // The shell has checked the output against the schema of this very task.
  return (await run(name, input)) as TaskOutput<N>;
}

type RunTask = (name: string, input: unknown) => Promise<unknown>;

/** Runs what a task has asked for; nobody waits for canvases that it sends, so nobody hears of their failures. */
async function finalOutput(output: unknown, run: RunTask): Promise<unknown> {
  const effects = effectsIn(output);
  if (effects === undefined) return output;
  for (const canvas of signatureList(effects.sends)) await runInline(canvas, run).catch(() => undefined);
  return isSignature(effects.replacedBy) ? runInline(effects.replacedBy, run) : effects.value;
}

/** One call after the other. */
async function runInline(canvas: Signature, run: RunTask): Promise<unknown> {
  const bodyOf =
    (task: AnyTask): EagerTask =>
    (args, kwargs) =>
      run(task.name, inputOf(task, args, kwargs));
  const named = (catalogue as readonly AnyTask[]).flatMap((task) =>
    [task.name, ...(task.aliases ?? [])].map((name) => [name, bodyOf(task)] as const),
  );
  const { result } = await runEagerly(canvas, Object.fromEntries(named));
  if (result.ok) return result.value;
  throw result.error;
}

function inlineAttemptOf({ logs, signal, attempt = 1, lastHeartbeat, queue = 'inline' }: InlineOptions): InlineAttempt {
  const say = lineOf(logs);
  return {
    inline: true,
    attempt,
    activityId: '1',
    workflowId: `inline-${randomUUID()}`,
    queue,
    lastHeartbeat,
    signal: signal ?? new AbortController().signal,
    heartbeat: () => undefined,
    log: ({ taskName }) => inlineLog(taskName, say),
  };
}

function lineOf(logs: InlineOptions['logs']): (line: string) => void {
  if (typeof logs === 'function') return logs;
  return logs === true ? (line) => void process.stderr.write(`${line}\n`) : () => undefined;
}

function inlineLog(task: string, say: (line: string) => void): AttemptLog {
  return {
    started: () => say(`${task} started`),
    succeeded: () => say(`${task} succeeded`),
    failed: (error) => say(`${task} failed: ${error instanceof Error ? error.message : String(error)}`),
    revoked: (reason) => say(`${task} revoked: ${reason}`),
  };
}
