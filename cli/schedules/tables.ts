/** Rows and facts in which the commands show schedules. */
import { describeTiming, type Occurrence, type ScheduleView } from '../../client/index.ts';
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
    from: view.origin,
    ...(definition === null
      ? {}
      : {
          purpose: definition.purpose,
          when: describeTiming(definition.timing),
          zone: definition.timeZone,
          ...rangeFacts(definition),
          ...targetFacts(definition.target),
          overlap: `${definition.policy.overlap}: ${definition.policy.overlapReason}`,
          'catch-up': `${definition.policy.catchupMs / 1000} s: ${definition.policy.catchupReason}`,
          jitter: `${definition.policy.jitterMs / 1000} s: ${definition.policy.jitterReason}`,
        }),
    state: stateOf(view),
    note: view.note,
    next: view.next.slice(0, 3).join(', '),
    last: last === undefined ? null : `${last.startedAt} ${last.workflowId}`,
    running: view.running.join(', '),
    ...view.counts,
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
