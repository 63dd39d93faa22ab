/** Reads from the histories of a canvas which pipelines it had begun that have not succeeded. */
import { type BegunPipeline, PIPELINE_MEMO, pipelineIn } from '../../contracts/dlq/steps.ts';
import { decoded } from '../connection/decoded.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';
import { beginningOf } from './completed-steps.ts';
import { type History, type HistoryEvent, partsIn, readHistory, type RunId } from './history.ts';

/** A pipeline that failed or was stopped, with its canvas or alone, by its last run. */
export interface OpenPipeline {
  readonly path: string;
  readonly run: RunId;
}

/** Lists the pipelines of a canvas and of its parts that had begun and did not succeed. @throws NotFound, Unavailable */
export async function openPipelines(rpc: Rpc, canvas: RunId): Promise<readonly OpenPipeline[]> {
  const found = new Map<string, OpenPipeline>();
  const waiting = [canvas];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const history = await readHistory(rpc, next);
    waiting.push(...partsIn(history));
    for (const pipeline of await openIn(rpc, history)) found.set(pipeline.path, pipeline);
  }
  return [...found.values()];
}

/** What the repetition of a canvas is told of them. */
export async function begunPipelines(rpc: Rpc, canvas: RunId): Promise<readonly BegunPipeline[]> {
  const begun: BegunPipeline[] = [];
  for (const { path, run } of await openPipelines(rpc, canvas)) {
    const history = await readHistory(rpc, run).catch(unlessGone);
    const begins = history && (await beginningOf(rpc, run, history));
    if (begins === undefined) continue;
    const { child: origin, args } = begins;
    begun.push({ path, workflowId: run.workflowId, origin, ...(args === undefined ? {} : { args }) });
  }
  return begun;
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof NotFound)) throw error;
}

/** Of several attempts at a step the last one counts. */
async function openIn(rpc: Rpc, { events }: History): Promise<readonly OpenPipeline[]> {
  const paths = new Map<number, string>();
  const open = new Map<string, OpenPipeline>();
  for (const event of events ?? []) {
    const path = await pathIn(rpc, event);
    if (path !== undefined) paths.set(Number(event.eventId), path);
    const told = runIn(event);
    const of = told && paths.get(told.beganAt);
    if (told === undefined || of === undefined) continue;
    if (told.run === undefined) open.delete(of);
    else open.set(of, { path: of, run: told.run });
  }
  return [...open.values()];
}

async function pathIn(rpc: Rpc, event: HistoryEvent): Promise<string | undefined> {
  const memo = event.startChildWorkflowExecutionInitiatedEventAttributes?.memo?.fields?.[PIPELINE_MEMO];
  return memo ? pipelineIn((await decoded(rpc, [memo]))[0])?.path : undefined;
}

interface Told {
  readonly beganAt: number;
  /** `undefined` for one that succeeded. */
  readonly run: RunId | undefined;
}

function runIn(event: HistoryEvent): Told | undefined {
  const done = event.childWorkflowExecutionCompletedEventAttributes;
  const told = done ?? beganOrEnded(event);
  if (!told) return undefined;
  const { workflowId, runId } = told.workflowExecution ?? {};
  const run = !done && workflowId && runId ? { workflowId, runId } : undefined;
  return { beganAt: Number(told.initiatedEventId), run };
}

function beganOrEnded(event: HistoryEvent) {
  return (
    event.childWorkflowExecutionFailedEventAttributes ??
    event.childWorkflowExecutionTimedOutEventAttributes ??
    event.childWorkflowExecutionCanceledEventAttributes ??
    event.childWorkflowExecutionTerminatedEventAttributes ??
    event.childWorkflowExecutionStartedEventAttributes
  );
}
