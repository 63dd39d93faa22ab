/** Schedules of an application. */
import type { NewSchedule } from '../contracts/schedules/vocabulary.ts';

/** Marks what {@link defineSchedule} makes; the number rises when schedules made before can no longer be used. */
export const SCHEDULE_KIND = 'perennial.schedule/1';

/** A schedule that a module of an application exports. */
export type DefinedSchedule = NewSchedule & { readonly kind: typeof SCHEDULE_KIND };

/**
 * Defines what is started by the clock. `perennial dev` and `perennial schedules sync` write it to the server.
 *
 * @example
 * ```ts
 * import { defineSchedule } from './define/index.ts';
 *
 * export const nightly = defineSchedule({
 *   id: 'nightly-count',
 *   timing: { cron: '0 3 * * *' },
 *   target: { task: 'text.countWords', input: { text: 'as the night falls' } },
 * });
 * ```
 */
export function defineSchedule(schedule: NewSchedule): DefinedSchedule {
  return { ...schedule, kind: SCHEDULE_KIND };
}

/** Tells whether a value is a schedule of {@link defineSchedule}. */
export function isDefinedSchedule(value: unknown): value is DefinedSchedule {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === SCHEDULE_KIND;
}
