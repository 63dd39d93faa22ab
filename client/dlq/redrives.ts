/** Redrives of many letters: each is a run of its own, which goes on without whoever has started it. */
import { createHash } from 'node:crypto';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import {
  type DeadLetterFilter,
  type Redrive,
  redriveOrderSchema,
  type RedriveOrder,
} from '../../contracts/dlq/schema.ts';
import {
  deadLetterWorkflows,
  redriveMessages,
  type RedriveProgress,
  REDRIVES_MEMO,
} from '../../contracts/dlq/vocabulary.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { redriveLetters } from '../../workflows/index.ts';
import { whileThere } from '../canvas/part-runs.ts';
import { Conflict, NotFound } from '../connection/errors.ts';
import { followJob, jobHandle, signalJob, statusOf } from '../connection/handles.ts';
import type { JobStatus } from '../connection/jobs.ts';
import type { Rpc } from '../connection/rpc.ts';
import { startJob } from '../connection/start-job.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import { pageOfRuns } from '../tasks/run-pages.ts';
import type { RedriveHandle, RedrivePage } from './types.ts';

/**
 * Starts the redrive of all letters that a filter lets through. One that somebody has started with the same filter and that
 * goes on is not joined by others, so that they learn of it; the same call by the same person joins it.
 *
 * @throws InvalidInput, also for an empty filter without `all`
 * @throws PerennialError `RedriveUnderWay`
 */
export async function startRedrive(
  rpc: Rpc,
  { all, ...given }: RedriveOrder & { readonly all: boolean },
): Promise<RedriveHandle> {
  const order = validate(redriveOrderSchema, given, 'options');
  if (!all && isEmpty(order.filter)) throw new InvalidInput([EVERYTHING]);
  const workflowId = idOf(order.filter);
  try {
    await startJob<typeof redriveLetters>(rpc, {
      workflow: deadLetterWorkflows.redriveLetters,
      workflowId,
      staticSummary: `redrive of dead letters by ${order.by}`,
      args: [order],
      memo: { [REDRIVES_MEMO]: { order, progress: waiting() } },
      whenDone: 'repeat',
    });
  } catch (error) {
    throw error instanceof Conflict ? underWay(await showRedrive(rpc, workflowId)) : error;
  }
  return redriveHandle(rpc, workflowId);
}

/** A filter whose only field was misspelled or left out would start the runs of a whole year. */
const EVERYTHING = {
  field: 'filter',
  expected: 'one field at least, or the option `all` beside it',
  got: 'an empty filter',
};

function isEmpty(filter: DeadLetterFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}

/** The same for the same filter, so that the server lets one go on at a time. */
function idOf(filter: DeadLetterFilter): string {
  if (isEmpty(filter)) return 'redrive-all';
  const named = Object.entries(filter).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `redrive-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** What is known before a worker has taken it. */
function waiting(): RedriveProgress {
  return {
    startedAt: new Date().toISOString(),
    ...{ paused: false, aborted: false, done: 0, left: null, failed: 0, taken: 0, quarantined: 0 },
    ...{ reasons: [], interventions: [] },
  };
}

function underWay({ id, by, reason, startedAt }: Redrive): PerennialError {
  const why = reason === null ? '' : ` (${reason})`;
  return new PerennialError(
    'RedriveUnderWay',
    `These letters are being redriven by ${by} since ${startedAt}${why}: see '${id}', or abort it.`,
  );
}

/** Makes the handle of a redrive without checking that it exists. */
export function redriveHandle(rpc: Rpc, id: string): RedriveHandle {
  const job = jobHandle<RedriveProgress>(rpc, id);
  const show = (): Promise<Redrive> => showRedrive(rpc, id);
  const send =
    (signal: string) =>
    (by = 'a client'): Promise<void> =>
      signalJob(rpc, job, signal, [by]);
  return {
    ...job,
    show,
    follow: (options) => followJob(job, show, options),
    pause: send(redriveMessages.pause),
    resume: send(redriveMessages.resume),
    abort: send(redriveMessages.abort),
  };
}

async function showRedrive(rpc: Rpc, id: string, runId?: string): Promise<Redrive> {
  const description = await rpc.call(id, (client) => client.workflow.getHandle(id, runId).describe());
  if (description.type !== deadLetterWorkflows.redriveLetters) throw new NotFound(id, 'redrive');
  return viewOf(description);
}

function viewOf(description: WorkflowExecutionDescription): Redrive {
  // Whoever starts such a run writes it, and the run itself.
  const { order, progress } = description.memo?.[REDRIVES_MEMO] as {
    readonly order: RedriveOrder;
    readonly progress: RedriveProgress;
  };
  const { paused, aborted, reasons, interventions, ...counts } = progress;
  const { filter, by, reason = null, perSecond } = order;
  return {
    id: description.workflowId,
    state: stateOf(statusOf(description), { paused, aborted }),
    ...{ filter, by, reason, perSecond },
    ...counts,
    endedAt: description.closeTime?.toISOString() ?? null,
    reasons: [...reasons],
    interventions: [...interventions],
  };
}

function stateOf(
  status: JobStatus,
  { paused, aborted }: Pick<RedriveProgress, 'paused' | 'aborted'>,
): Redrive['state'] {
  if (status === 'running') return paused && !aborted ? 'paused' : 'running';
  if (status === 'completed') return aborted ? 'aborted' : 'finished';
  return status === 'cancelled' || status === 'terminated' ? 'aborted' : 'failed';
}

/** A run that has continued as new is shown once. */
const QUERY = `WorkflowType = '${deadLetterWorkflows.redriveLetters}' AND ExecutionStatus != 'ContinuedAsNew'`;

/** Runs that are looked at side by side. */
const LOOKS_AT_ONCE = 20;

/** Returns one page of redrives, the newest first. @throws InvalidInput the cursor is none that a page gave */
export async function listRedrives(
  rpc: Rpc,
  paging: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<RedrivePage> {
  const { runs, nextCursor } = await pageOfRuns(rpc, QUERY, paging);
  const items: Redrive[] = [];
  for (let at = 0; at < runs.length; at += LOOKS_AT_ONCE) {
    const looks = runs
      .slice(at, at + LOOKS_AT_ONCE)
      // The server may have forgotten a run since the index was written.
      .map(({ workflowId, runId }) => whileThere(() => showRedrive(rpc, workflowId, runId)));
    items.push(...(await Promise.all(looks)).filter((one) => one !== undefined));
  }
  return { items, nextCursor };
}
