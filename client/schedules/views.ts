/** Views of schedules and their runs. */
import type { ScheduleDescription, WorkflowExecutionInfo } from '@temporalio/client';
import type { StartedRun } from '../../services/schedules/port.ts';
import { defineSearchAttributeKey } from '@temporalio/common';
import { instantOf } from '../../contracts/values/instant.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ScheduleDefinition } from '../../contracts/schedules/vocabulary.ts';
import { forecast } from '../../schedules/next.ts';
import { checkRecurrence } from './checks.ts';
import { definitionOf, originOf } from './options.ts';
import type { ScheduleCounts, ScheduleView } from './types.ts';

/** Descriptions that are requested at once. */
const IN_FLIGHT = 20;

/** Deadline of a listing, in milliseconds; many runs take many pages. */
const LISTING_MS = 60_000;

/** Makes the view of one schedule. */
export function viewOf(described: ScheduleDescription): ScheduleView {
  const { scheduleId, memo, state, info } = described;
  const definition = definitionOf(described);
  return {
    id: scheduleId,
    origin: originOf(memo) ?? 'foreign',
    definition: definition ?? null,
    paused: state.paused,
    remaining: state.remainingActions ?? null,
    note: noteOf(state.note),
    next: nextStarts(info.nextActionTimes, definition),
    recent: info.recentActions.map(({ scheduledAt, takenAt, action }) => ({
      dueAt: scheduledAt.toISOString(),
      startedAt: takenAt.toISOString(),
      workflowId: action.workflow.workflowId,
    })),
    running: info.runningActions.map(({ workflow }) => workflow.workflowId),
    counts: countsOf(described),
    createdAt: info.createdAt.toISOString(),
    updatedAt: info.lastUpdatedAt?.toISOString() ?? null,
  };
}

/** A schedule of the sun starts half a day ahead on the server, where its run waits for the event. */
function nextStarts(ofServer: readonly Date[], definition: ScheduleDefinition | undefined): readonly string[] {
  if (definition === undefined || !('solar' in definition.timing)) return ofServer.map((time) => time.toISOString());
  const coming = forecast(checkRecurrence(definition), { afterMs: Date.now(), count: ofServer.length });
  return coming.filter(({ kind }) => kind === 'run').map(({ at }) => at);
}

function noteOf(note: string | undefined): string | null {
  return note === undefined || note === '' ? null : note;
}

function countsOf({ info, raw }: ScheduleDescription): ScheduleCounts {
  return {
    started: info.numActionsTaken,
    missedCatchup: info.numActionsMissedCatchupWindow,
    skippedOverlap: info.numActionsSkippedOverlap,
    droppedFromBuffer: raw.info?.bufferDropped?.toNumber() ?? 0,
    waiting: raw.info?.bufferSize?.toNumber() ?? 0,
  };
}

/** Lists all schedules by name, without those that are removed meanwhile. */
export async function listSchedules(rpc: Rpc): Promise<readonly ScheduleView[]> {
  const ids = await scheduleIds(rpc);
  const views: (ScheduleView | undefined)[] = [];
  for (let at = 0; at < ids.length; at += IN_FLIGHT)
    views.push(...(await Promise.all(ids.slice(at, at + IN_FLIGHT).map((id) => find(rpc, id)))));
  return views.filter((view) => view !== undefined);
}

/** Returns the names of all schedules, sorted. */
export function scheduleIds(rpc: Rpc): Promise<readonly string[]> {
  return rpc.call('schedules', async (client) => {
    const found: string[] = [];
    for await (const { scheduleId } of client.schedule.list()) found.push(scheduleId);
    return found.sort();
  });
}

async function find(rpc: Rpc, id: string): Promise<ScheduleView | undefined> {
  try {
    return viewOf(await rpc.ask(id, (client) => client.schedule.getHandle(id).describe()));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Lists the runs that schedules started after an ISO time or that had not ended then. */
export async function runsSince(rpc: Rpc, time: string): Promise<readonly StartedRun[]> {
  const since = JSON.stringify(new Date(instantOf(time)).toISOString());
  const recent = `StartTime >= ${since} OR CloseTime >= ${since} OR ExecutionStatus = "Running"`;
  const query = `TemporalScheduledById IS NOT NULL AND (${recent})`;
  return rpc.call(
    'schedules',
    async (client) => {
      const runs = new Map<string, StartedRun>();
      for await (const info of client.workflow.list({ query })) {
        const run = startedRun(info);
        // A run that continued as new is listed once, with its newest execution first.
        if (run !== undefined)
          runs.set(run.workflowId, { ...run, endedAt: runs.get(run.workflowId)?.endedAt ?? run.endedAt });
      }
      return [...runs.values()];
    },
    LISTING_MS,
  );
}

const SCHEDULED_BY = defineSearchAttributeKey('TemporalScheduledById', 'KEYWORD');
const SCHEDULED_FOR = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

function startedRun(info: WorkflowExecutionInfo): StartedRun | undefined {
  const scheduleId = info.typedSearchAttributes.get(SCHEDULED_BY);
  const dueAt = info.typedSearchAttributes.get(SCHEDULED_FOR);
  if (scheduleId === undefined || dueAt === undefined) return undefined;
  return {
    scheduleId,
    dueAt: dueAt.toISOString(),
    startedAt: info.startTime.toISOString(),
    endedAt: info.closeTime?.toISOString() ?? null,
    workflowId: info.workflowId,
  };
}
