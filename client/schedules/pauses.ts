/**
 * When a schedule was paused and continued. Temporal tells only how a schedule
 * is now; the run of the server's own scheduler, which it keeps as a workflow
 * beside ours, remembers each request with its time.
 */
import proto from '@temporalio/proto';
import type { PauseChange } from '../../services/schedules/port.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';

const { SchedulePatch } = proto.temporal.api.schedule.v1;

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;
type Page = proto.temporal.api.workflowservice.v1.IGetWorkflowExecutionHistoryReverseResponse;

/** How the server names the workflow behind a schedule. */
const SCHEDULER_PREFIX = 'temporal-sys-scheduler:';
/** Means the newest run. */
const NEWEST = '';
const PATCH_SIGNAL = 'patch';
const PAGE = 200;
/** The scheduler goes on as new after some hundred steps; so many of its runs are read at most. */
const MAX_RUNS = 20;

/**
 * Pauses and continuations after an ISO time, oldest first.
 *
 * @returns `undefined` where the server keeps no such workflow
 */
export async function pausesSince(rpc: Rpc, id: string, time: string): Promise<readonly PauseChange[] | undefined> {
  const sinceMs = Date.parse(time);
  const found: PauseChange[] = [];
  try {
    for await (const event of eventsBackwards(rpc, id)) {
      if (timeOf(event) <= sinceMs) break;
      found.push(...changesOf(event));
    }
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
  return found.reverse();
}

/** What happened to the scheduler of a schedule, newest first, through the runs that it went on from. */
async function* eventsBackwards(rpc: Rpc, id: string): AsyncGenerator<HistoryEvent> {
  let runId: string | undefined = NEWEST;
  for (let runs = 0; runId !== undefined && runs < MAX_RUNS; runs += 1) {
    let first: HistoryEvent | undefined;
    for await (const event of eventsOfRun(rpc, id, runId)) {
      first = event;
      yield event;
    }
    runId = runBefore(first);
  }
}

/** The run that the one which begins with this event went on from. */
function runBefore(first: HistoryEvent | undefined): string | undefined {
  const runId = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  return runId === '' || runId === null ? undefined : runId;
}

async function* eventsOfRun(rpc: Rpc, id: string, runId: string): AsyncGenerator<HistoryEvent> {
  let token: Page['nextPageToken'];
  do {
    const page: Page = await readPage(rpc, { id, runId, token });
    yield* page.history?.events ?? [];
    token = page.nextPageToken;
  } while (token?.length);
}

async function readPage(
  rpc: Rpc,
  { id, runId, token }: { readonly id: string; readonly runId: string; readonly token: Page['nextPageToken'] },
): Promise<Page> {
  return rpc.call(id, ({ workflowService, options: { namespace } }) =>
    workflowService.getWorkflowExecutionHistoryReverse({
      namespace,
      execution: { workflowId: SCHEDULER_PREFIX + id, runId },
      maximumPageSize: PAGE,
      nextPageToken: token ?? null,
    }),
  );
}

/** Whole milliseconds, as an ISO time has them. */
function timeOf({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1_000_000);
}

function changesOf(event: HistoryEvent): readonly PauseChange[] {
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal?.signalName !== PATCH_SIGNAL) return [];
  const at = new Date(timeOf(event)).toISOString();
  return (signal.input?.payloads ?? []).flatMap(({ data }): readonly PauseChange[] => {
    const { pause, unpause } = SchedulePatch.decode(data ?? new Uint8Array());
    if (pause !== '') return [{ at, paused: true, note: pause }];
    return unpause === '' ? [] : [{ at, paused: false, note: unpause }];
  });
}
