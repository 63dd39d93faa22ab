/**
 * Runs tasks without a server, for debugging and unit tests: with the same shell, the same checks of input and output,
 * and the same soft time limit. Errors are thrown unchanged.
 */
import { randomUUID } from 'node:crypto';
import { effectsIn } from '../../canvas/model/task-effects.ts';
import { type EagerTask, runEagerly } from '../../canvas/reference/evaluator.ts';
import { isSignature, type Signature, signatureList } from '../../canvas/signature/signature.ts';
import { inputOf } from '../../canvas/signature/task-input.ts';
import type { AnyTask, TaskInput, TaskName, TaskOutput } from '../../contracts/catalogue.ts';
import { allTasks, findTask } from '../../contracts/register.schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { Activities } from './activity.ts';
import { type InlineAttempt, withAttempt } from './attempt.ts';
import type { AttemptLog, LogFields, TaskIdentity } from './attempt-log.ts';

/** Options of a task that runs inline. */
export interface InlineOptions {
  /**
   * Receives start, end and errors; `true` for the console.
   * @defaultValue no log
   */
  readonly logs?: boolean | ((line: string) => void) | undefined;
  /** Stops the task as a cancellation would. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Number of the attempt that the task sees, from 1.
   * @defaultValue 1
   */
  readonly attempt?: number | undefined;
  /** Details of the last heartbeat of the attempt before. */
  readonly lastHeartbeat?: unknown;
  /**
   * The queue that the task sees.
   * @defaultValue inline
   */
  readonly queue?: string | undefined;
}

/**
 * Runs one task of the catalogue in this process, and the canvases that it asks for.
 * @param activities - what a worker would register; those of one domain suffice
 * @throws whatever the task throws, unchanged
 * @throws PerennialError `UnknownTask` when the activities do not include it; `InvalidInput`, `InvalidOutput`
 */
export async function runTaskInline<N extends TaskName>(
  activities: Activities,
  name: N,
  input: TaskInput<N>,
  options: InlineOptions = {},
): Promise<TaskOutput<N>> {
  // `as` is safe: the shell has checked the output against the schema of this task.
  return (await runnerOf(activities, options)(name, input)) as TaskOutput<N>;
}

/** What the first calls of a canvas are given. */
export interface CanvasGiven {
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Runs a valid canvas in this process, one call after the other.
 * @param activities - what a worker would register for the tasks of the canvas
 * @throws what its failed call throws; `UnknownTask` for a task that the activities do not include
 */
export function runCanvasInline(
  activities: Activities,
  canvas: Signature,
  given: CanvasGiven,
  options: InlineOptions,
): Promise<unknown> {
  return runInline(canvas, runnerOf(activities, options), given);
}

/** Returns what runs a task by name; each call is an attempt of its own. */
function runnerOf(activities: Activities, options: InlineOptions): RunTask {
  const run: RunTask = async (called, given) => {
    const activity = activities[findTask(called)?.name ?? called];
    if (activity === undefined) {
      throw new PerennialError('UnknownTask', `expected one of ${Object.keys(activities).join(', ')}, got '${called}'`);
    }
    return finalOutput(await withAttempt(inlineAttemptOf(options), () => activity(given)), run);
  };
  return run;
}

type RunTask = (name: string, input: unknown) => Promise<unknown>;

/**
 * Runs the canvases that a task asked for. Failures of sent canvases are ignored, because nobody waits for their
 * results.
 */
async function finalOutput(output: unknown, run: RunTask): Promise<unknown> {
  const effects = effectsIn(output);
  if (effects === undefined) return output;
  for (const canvas of signatureList(effects.sends)) await runInline(canvas, run).catch(() => undefined);
  return isSignature(effects.replacedBy) ? runInline(effects.replacedBy, run) : effects.value;
}

/** Runs the calls of a canvas one after the other. */
async function runInline(
  canvas: Signature,
  run: RunTask,
  { args = [], kwargs = {} }: CanvasGiven = {},
): Promise<unknown> {
  const bodyOf =
    (task: AnyTask): EagerTask =>
    (args, kwargs) =>
      run(task.name, inputOf(task, args, kwargs));
  const named = allTasks().flatMap((task) =>
    [task.name, ...(task.aliases ?? [])].map((name) => [name, bodyOf(task)] as const),
  );
  const { result } = await runEagerly(canvas, Object.fromEntries(named), { args, kwargs });
  if (result.ok) return result.value;
  throw result.error;
}

function inlineAttemptOf({ logs, signal, attempt = 1, lastHeartbeat, queue = 'inline' }: InlineOptions): InlineAttempt {
  const id = `inline-${randomUUID()}`;
  return {
    inline: true,
    attempt,
    taskId: id,
    workflowId: id,
    queue,
    lastHeartbeat,
    signal: signal ?? new AbortController().signal,
    heartbeat: () => undefined,
    log: inlineLogs(logs),
  };
}

/** The log of tasks outside of a worker's process. */
export function inlineLogs(logs: InlineOptions['logs']): (task: Pick<TaskIdentity, 'taskName'>) => AttemptLog {
  const say = lineOf(logs);
  return ({ taskName }) => inlineLog(taskName, say);
}

function lineOf(logs: InlineOptions['logs']): (line: string) => void {
  if (typeof logs === 'function') return logs;
  return logs === true ? (line) => void process.stderr.write(`${line}\n`) : () => undefined;
}

function inlineLog(task: string, say: (line: string) => void): AttemptLog {
  const line = (message: string, fields?: LogFields): void =>
    say(`${task}: ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`);
  return {
    started: () => say(`${task} started`),
    succeeded: () => say(`${task} succeeded`),
    failed: (error) => say(`${task} failed: ${error instanceof Error ? error.message : String(error)}`),
    revoked: (reason) => say(`${task} revoked: ${reason}`),
    body: { debug: line, info: line, warn: line, error: line },
  };
}
