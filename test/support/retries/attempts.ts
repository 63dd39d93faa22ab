/** Runs tasks with any retry rule on the real server, and says what became of each attempt. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { msOptionalToNumber } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import type { TaskHooks } from '../../../activities/shell/task-hooks.ts';
import type { TaskBody } from '../../../activities/shell/task-body.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { shell } from '../../../activities/shell/shell.ts';
import { type AnyTask, catalogue } from '../../../contracts/catalogue.ts';
import type { RetryRule } from '../../../contracts/tasks/retry-rules.ts';
import { bundleWorkflows } from '../../../workers/bundle.ts';
import { silentLog } from '../silent-log.ts';
import type { TestTemporal } from '../temporal.ts';

/** Every delay is a thousandth of the real one. */
export const SCALE = 0.001;

/** A retry rule and a body that fails as the test wants. */
export interface Tried {
  readonly retry: RetryRule;
  readonly body: (attempt: number) => unknown;
}

/** What became of a task. */
export interface Told {
  /** Attempts that the server counted. */
  readonly attempts: number;
  /** Delays that the shell asked the server for, in seconds of the rule. */
  readonly delays: readonly number[];
  /** How long the server really waited between two attempts, in seconds of the rule. */
  readonly waited: readonly number[];
  /** Types of the failures of all attempts, the last one as callers see it. */
  readonly types: readonly string[];
  /** Message of the failure that the task ended with. */
  readonly message: string | undefined;
  readonly value: unknown;
}

/** Built once for all tests of a file. */
let bundle: ReturnType<typeof bundleWorkflows> | undefined;

export interface Noted {
  readonly delays: number[];
  readonly scheduled: number[];
  readonly types: string[];
}

/** Runs tasks side by side, each by its own rule, and returns what became of them by the same names. */
export async function tryAll<K extends string>(
  temporal: TestTemporal,
  tried: Readonly<Record<K, Tried>>,
): Promise<Readonly<Record<K, Told>>> {
  // `as` is safe: both have the keys of `tried`.
  const names = Object.keys(tried) as K[];
  const rows = names.map((name, index) => rowOf(index, tried[name].retry));
  const notes = new Map(rows.map((row) => [row.name, { delays: [], scheduled: [], types: [] } satisfies Noted]));
  const activities: Activities = Object.fromEntries(
    names.map((name, index) => activityOf(rows[index] as AnyTask, tried[name], notes)),
  );
  bundle ??= bundleWorkflows(path.join(import.meta.dirname, 'fixtures/call-row.ts'));
  const workflows = await bundle;
  const told = await temporal.withWorkers(
    activities,
    () => Promise.all(rows.map((row) => runRow(temporal, row, notes.get(row.name) as Noted))),
    workflows,
  );
  return Object.fromEntries(names.map((name, index) => [name, told[index]])) as Record<K, Told>;
}

/** Takes the name and queue of a task of the product, because workers serve those alone. */
function rowOf(index: number, retry: RetryRule): AnyTask {
  const row = (catalogue as readonly AnyTask[])[index];
  if (row === undefined) throw new TypeError(`expected fewer than ${index} rules at once`);
  const { name, queue, limits } = row;
  return { name, queue, limits, retry, purpose: 'For a test of retries.' };
}

function activityOf(
  row: AnyTask,
  { body }: Tried,
  notes: ReadonlyMap<string, Noted>,
): readonly [string, Activities[string]] {
  const note = notes.get(row.name) as Noted;
  const run: TaskBody<unknown, unknown> = async (_input, { attempt }) => {
    note.scheduled.push(Context.current().info.currentAttemptScheduledTimestampMs);
    return (await body(attempt)) ?? null;
  };
  const ended: TaskHooks = {
    taskRetried: ({ error }) => noteFailure(note, error),
    taskFailed: ({ error }) => noteFailure(note, error),
  };
  const options = { log: () => silentLog, retryDelayScale: SCALE, hooks: [ended] };
  return [row.name, shell(row, { input: z.unknown(), output: z.unknown() }, run, options)];
}

export function noteFailure({ delays, types }: Noted, error: unknown): void {
  if (!(error instanceof ApplicationFailure)) throw new TypeError('expected a failure of the shell');
  types.push(String(error.type));
  const delay = msOptionalToNumber(error.nextRetryDelay ?? undefined);
  if (delay !== undefined) delays.push(delay);
}

async function runRow(temporal: TestTemporal, row: AnyTask, note: Noted): Promise<Told> {
  const workflowId = `retries-${randomUUID()}`;
  const handle = await temporal.client.workflow.start('callRow', {
    workflowId,
    taskQueue: 'perennial.workflows',
    args: [row, {}],
  });
  return toldOf(handle, note);
}

/** Waits for the end of a run of one task and says what became of its attempts. */
export async function toldOf(handle: WorkflowHandle, { delays, scheduled, types }: Noted): Promise<Told> {
  const ended = await handle.result().then(
    (value: unknown) => ({ value, message: undefined }),
    (error: unknown) => ({ value: undefined, message: messageOf(error) }),
  );
  const { events } = await handle.fetchHistory();
  const started = events?.find((event) => event.activityTaskStartedEventAttributes);
  const attempts = started?.activityTaskStartedEventAttributes?.attempt ?? 0;
  // The delay of the last attempt is never waited for.
  return {
    attempts,
    delays: delays.slice(0, attempts - 1).map((delay) => delay / SCALE / 1_000),
    waited: scheduled.slice(1).map((at, index) => (at - (scheduled[index] ?? 0)) / SCALE / 1_000),
    types,
    ...ended,
  };
}

function messageOf(error: unknown): string {
  const { cause } = error instanceof WorkflowFailedError ? error : { cause: error };
  return cause instanceof Error ? cause.message : String(cause);
}
