/**
 * Times at which a schedule was paused and resumed. The description of a schedule holds only its present state, but the
 * server's scheduler is a workflow whose history holds each request with its time.
 */
import proto from '@temporalio/proto';
import { instantOf } from '../../contracts/values/instant.ts';
import type { PauseChange } from '../../services/schedules/port.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';

const { SchedulePatch } = proto.temporal.api.schedule.v1;

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;
type Page = proto.temporal.api.workflowservice.v1.IGetWorkflowExecutionHistoryReverseResponse;

/** Prefix of the ids of the server's scheduler workflows. */
const SCHEDULER_PREFIX = 'temporal-sys-scheduler:';
/** Run id that selects the newest run. */
const NEWEST = '';
const PATCH_SIGNAL = 'patch';
const PAGE = 200;
/** Most runs of the scheduler that are read; it continues as new after some hundred steps. */
const MAX_RUNS = 20;

/**
 * Returns the pauses and resumptions after an ISO time, oldest first.
 *
 * @returns `undefined` when the server has no such workflow
 */
export async function pausesSince(rpc: Rpc, id: string, time: string): Promise<readonly PauseChange[] | undefined> {
  const sinceMs = instantOf(time);
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

/** Yields the events of a scheduler, newest first, through its earlier runs. */
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

/** Returns the run that the run with this first event continued from. */
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

/** Returns the time of an event in whole milliseconds, as in ISO times. */
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
