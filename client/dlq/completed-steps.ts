/** Reads which steps of a failed run had succeeded, and what they gave. */
import type { Payload } from '@temporalio/common';
import { canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import {
  type KeptStep,
  originIn,
  PIPELINE_MEMO,
  pipelineIn,
  REDRIVE_MEMO,
  type RedriveOrigin,
  StepKeys,
} from '../../contracts/dlq/steps.ts';
import { readStepsOutputSchema } from '../../contracts/dlq/task-schemas.schema.ts';
import { findTask } from '../../contracts/register.schema.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import type { KeyRing } from '../../payloads/key-ring.ts';
import { openPiece, type PiecePlace } from '../../payloads/pieces.ts';
import type { KeptPieces } from '../../services/dlq/port.ts';
import { decoded } from '../connection/decoded.ts';
import { NotFound } from '../connection/errors.ts';
import { millis } from '../connection/proto-time.ts';
import type { Rpc } from '../connection/rpc.ts';
import { type BegunStep, begunSteps, failedOfItself, payloadsIn, stepsToKeep } from './begun-steps.ts';
import { type History, readHistory, type RunId } from './history.ts';
import { piecesOf } from './step-pieces.ts';

/** Steps of one run. */
export interface CompletedSteps {
  readonly runId: string;
  readonly steps: readonly KeptStep[];
  /** Steps that were begun and run again. */
  readonly again: number;
}

/** Runs of these types keep what they have done by themselves. */
const OTHERS: ReadonlySet<string> = new Set([...Object.values(canvasWorkflows), ...Object.values(taskWorkflows)]);

/** Says whether a run of a type is a workflow that somebody has written by hand. */
export function isPipeline(workflow: string): boolean {
  return !OTHERS.has(workflow);
}

/** What steps are read from. */
export interface StepSources {
  readonly rpc: Rpc;
  readonly keys: KeyRing;
  /** What is kept of runs that failed before. */
  readonly pieces: KeptPieces;
}

/** Runs that are followed below each other. */
const MOST_LEVELS = 5;

/**
 * Reads the steps of a run, then those of the children that failed in it. A run that repeats another one hands on what it
 * was given. Of a run that has continued as new the last one is read alone, because its input holds what those before it
 * have done.
 *
 * @throws NotFound, Unavailable
 */
export async function completedSteps(sources: StepSources, run: RunId): Promise<readonly CompletedSteps[]> {
  return stepsOfRuns(sources, run.runId, await readHistory(sources.rpc, run), MOST_LEVELS);
}

async function stepsOfRuns(
  sources: StepSources,
  runId: string,
  history: History,
  levels: number,
): Promise<readonly CompletedSteps[]> {
  const { rpc } = sources;
  const keys = new StepKeys();
  const steps: KeptStep[] = [];
  const below: CompletedSteps[] = [];
  let again = 0;
  const begun = begunSteps(history).filter(({ type }) => findTask(type)?.keepOnRedrive !== false);
  if (!failedOfItself(history, begun)) steps.push(...(await stepsBefore(sources, history)));
  const kept = stepsToKeep(history, begun);
  for (const step of begun) {
    const args = await valuesOf(rpc, step.input);
    if (args === undefined) continue; // nobody asks for what cannot be read
    const key = keys.next(step.kind, step.type, countedArgs(step, args));
    const value = kept.has(step) ? await resultOf(rpc, step) : undefined;
    if (value !== undefined) {
      steps.push({ key, ...value });
      continue;
    }
    again += 1;
    const child = levels > 0 ? await childSteps(sources, step, levels) : undefined;
    if (child === undefined) continue;
    steps.push({ key, ...child.begins });
    below.push(...child.runs);
  }
  return [{ runId, steps: [...new Map(steps.map((step) => [step.key, step])).values()], again }, ...below];
}

/** What a run was given by the one that it repeats; one that has continued as new has left it behind. */
async function stepsBefore(sources: StepSources, history: History): Promise<readonly KeptStep[]> {
  const origin = await originOf(sources.rpc, history);
  if (origin?.keeps !== true || hasContinued(history)) return [];
  const steps: KeptStep[] = [];
  for (let place = 0; ; place += 1) {
    const piece = await pieceOfSteps(sources, { runId: origin.of, workflowId: origin.workflowId }, place);
    if (piece === undefined) return steps;
    steps.push(...piece);
  }
}

/**
 * The steps of one piece of what a run has done: of what is kept of it, otherwise of its history where its id is known,
 * because nobody keeps what a pipeline of a canvas has done.
 *
 * @returns `undefined` behind the last one, and where neither is there any more
 * @throws Unavailable, PerennialError `SealedValueUnreadable`
 */
export async function pieceOfSteps(
  sources: StepSources,
  { runId, workflowId }: { readonly runId: string; readonly workflowId?: string | undefined },
  place: number,
): Promise<readonly KeptStep[] | undefined> {
  const { rpc, keys, pieces } = sources;
  const kept = await keptSteps(keys, pieces, { runId, place });
  const isKept = kept !== undefined || (place > 0 && (await pieces.piece(runId, 0)) !== undefined);
  if (isKept || workflowId === undefined) return kept;
  const history = await readHistory(rpc, { workflowId, runId }).catch(unlessGone);
  const [own] = history === undefined ? [] : await stepsOfRuns(sources, runId, history, MOST_LEVELS);
  return piecesOf(own?.steps ?? [])[place];
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof NotFound)) throw error;
}

/** Which run a run repeats; those that it continues as new repeat it too. */
async function originOf(rpc: Rpc, history: History): Promise<RedriveOrigin | undefined> {
  return originIn(await memoOf(rpc, history, REDRIVE_MEMO));
}

async function memoOf(rpc: Rpc, history: History, name: string): Promise<unknown> {
  const memo = startIn(history)?.memo?.fields?.[name];
  return memo ? (await valuesOf(rpc, [memo]))?.[0] : undefined;
}

function hasContinued(history: History): boolean {
  return Boolean(startIn(history)?.continuedExecutionRunId);
}

function startIn({ events }: History) {
  return events?.[0]?.workflowExecutionStartedEventAttributes;
}

async function keptSteps(keys: KeyRing, pieces: KeptPieces, at: PiecePlace): Promise<readonly KeptStep[] | undefined> {
  const piece = await pieces.piece(at.runId, at.place);
  return piece && readStepsOutputSchema.shape.steps.parse(openPiece(keys, at, piece));
}

/** What is passed to the shell of a task beside its input says how it is called, not what it does. */
function countedArgs({ type }: Pick<BegunStep, 'type'>, args: readonly unknown[]): readonly unknown[] {
  return findTask(type) === undefined ? args : args.slice(0, 1);
}

/** The result as a field; `undefined` when it cannot be kept. */
async function resultOf(rpc: Rpc, { end }: BegunStep): Promise<Pick<KeptStep, 'value'> | undefined> {
  const values = await valuesOf(rpc, end?.result ?? []);
  if (values === undefined || values[0] instanceof Uint8Array) return undefined;
  return values[0] === undefined ? {} : { value: values[0] };
}

/** Values of payloads; `undefined` when they cannot be read, because their key or their file is gone. */
async function valuesOf(rpc: Rpc, payloads: Payload[]): Promise<readonly unknown[] | undefined> {
  try {
    return await decoded(rpc, payloads);
  } catch {
    return undefined;
  }
}

/** How a child that had failed begins when it is redriven, and what is kept of it; `undefined` where it runs whole. */
async function childSteps(sources: StepSources, { kind, type, end }: BegunStep, levels: number) {
  if (kind !== 'child' || !isPipeline(type) || end?.run === undefined || end.succeeded) return undefined;
  const { runId } = end.run;
  const history = await readHistory(sources.rpc, end.run);
  const begins = await beginningOf(sources.rpc, end.run, history);
  return begins && { begins, runs: await stepsOfRuns(sources, runId, history, levels - 1) };
}

/**
 * How a run begins that repeats a child. The failure of a child names its last run: one that had continued as new goes on
 * with the input of that one.
 *
 * @returns `undefined` where its input cannot be read
 */
export async function beginningOf(
  rpc: Rpc,
  { workflowId, runId }: RunId,
  history: History,
): Promise<{ readonly child: RedriveOrigin; readonly args?: unknown[] } | undefined> {
  const started = startIn(history);
  if (!started) return undefined;
  const args = await valuesOf(rpc, payloadsIn(started.input));
  if (args === undefined) return undefined;
  const { firstRunId, dueAt } = (await originOf(rpc, history)) ?? {
    firstRunId: started.firstExecutionRunId ?? runId,
    dueAt: await dueAtOf(rpc, history),
  };
  const child: RedriveOrigin = { of: runId, workflowId, keeps: true, firstRunId, dueAt };
  return hasContinued(history) ? { child, args: [...args] } : { child };
}

/** When a child was due that repeats none, as it says itself. */
async function dueAtOf(rpc: Rpc, history: History): Promise<string> {
  const step = pipelineIn(await memoOf(rpc, history, PIPELINE_MEMO));
  return step?.dueAt ?? new Date(millis(history.events?.[0]?.eventTime)).toISOString();
}
