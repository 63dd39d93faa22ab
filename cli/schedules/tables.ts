/** Rows and facts in which the commands show schedules. */
import { describeTiming, type Occurrence, type ScheduleView } from '../../client/index.ts';
import { duration } from '../terminal/output.ts';
import type { ScheduleRun } from '../../contracts/schedules/schema.ts';
import type { ScheduleDefinition, ScheduleTarget } from '../../contracts/schedules/vocabulary.ts';

/** Returns the row of a schedule in `perennial schedules list`. */
export function listRow({ note: words, ...view }: ScheduleView): readonly string[] {
  const { id, origin, definition, next, paused } = view;
  const state = paused ? `paused: ${words ?? ''}` : stateOf(view);
  const timing = definition === null ? '' : describeTiming(definition.timing);
  return [id, origin, timing, definition?.timeZone ?? '', next[0] ?? 'never', state];
}

/** Returns what `perennial schedules show` tells of a schedule. */
export function factsOf({ definition, ...view }: ScheduleView): Readonly<Record<string, string | number | null>> {
  const last = view.recent.at(-1);
  return {
    schedule: view.id,
    from: ORIGINS[view.origin],
    ...(definition === null
      ? {}
      : {
          purpose: definition.purpose,
          when: describeTiming(definition.timing),
          zone: definition.timeZone,
          ...rangeFacts(definition),
          ...targetFacts(definition.target),
          overlap: `${definition.policy.overlap}: ${definition.policy.overlapReason}`,
          'catch-up': `${duration(definition.policy.catchupMs)}: ${definition.policy.catchupReason}`,
          jitter: `${duration(definition.policy.jitterMs)}: ${definition.policy.jitterReason}`,
        }),
    state: stateOf(view),
    note: view.note,
    next: nextText(view),
    last: last === undefined ? null : `${last.startedAt} ${last.workflowId}`,
    running: view.running.join(', '),
    ...countFacts(view.counts),
  };
}

const ORIGINS = {
  code: 'the code of the application',
  dynamic: 'added at run time',
  foreign: 'another program',
} as const satisfies Readonly<Record<ScheduleView['origin'], string>>;

function nextText({ next, paused }: Pick<ScheduleView, 'next' | 'paused'>): string {
  if (next.length === 0) return 'never';
  const times = next.slice(0, 3).join(', ');
  return paused ? `none while it is paused; else ${times}` : times;
}

/** What did not run is told with its reason, and only where there is some. */
function countFacts(counts: ScheduleView['counts']): Readonly<Record<string, string>> {
  const told = (count: number, why: string): string => (count === 0 ? '' : `${String(count)}: ${why}`);
  return {
    started: `${String(counts.started)} times`,
    missed: told(counts.missedCatchup, 'the server was away for longer than the catch-up'),
    skipped: told(counts.skippedOverlap, 'the run before was still at work'),
    dropped: told(counts.droppedFromBuffer, 'too many starts waited for a run before them'),
    waiting: told(counts.waiting, 'starts that wait for the run before them'),
  };
}

/** A schedule is finished when it has no start left. */
function stateOf({ paused, remaining }: Pick<ScheduleView, 'paused' | 'remaining'>): string {
  if (remaining === 0) return 'finished';
  return paused ? 'paused' : 'active';
}

function rangeFacts({ start, end, oneOff, onceADay }: ScheduleDefinition): Readonly<Record<string, string>> {
  const once = [oneOff === true ? 'at the first due time' : '', onceADay === true ? 'a day' : ''].filter(Boolean);
  return {
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(once.length === 0 ? {} : { once: once.join(', ') }),
  };
}

function targetFacts(target: ScheduleTarget): Readonly<Record<string, string>> {
  if ('workflow' in target) return { starts: target.workflow, with: JSON.stringify(target.args) };
  if ('task' in target) {
    const { task, input, options } = target;
    return {
      ...{ starts: task, with: JSON.stringify(input) },
      ...(options === undefined ? {} : { options: JSON.stringify(options) }),
    };
  }
  const { canvas, ...call } = target;
  return { starts: `canvas ${JSON.stringify(canvas)}`, with: JSON.stringify(call) };
}

/** Returns the row of a time in `perennial schedules next`. */
export function timeRow({ kind, at, local, note: words }: Occurrence): readonly string[] {
  return [local, kind === 'gap' ? '' : at, words ?? ''];
}

/** Returns the row of a due time in `perennial schedules missed`. */
export function ledgerRow({ dueAt, scheduleId, state, reason, detail, workflowId }: ScheduleRun): readonly string[] {
  return [dueAt, scheduleId, state, reason ?? '', detail ?? workflowId ?? ''];
}
