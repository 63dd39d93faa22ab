/** How schedules of a kind behave when things do not go as planned; each figure with its reason. */
import type { PolicyWishes, SchedulePolicy } from '../contracts/schedules/vocabulary.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../contracts/values/units.ts';

const NEVER_TWICE = 'Two runs over the same rows and files would only stand in each other’s way.';
const ON_TIME = 'People expect it at this time.';

/** Cleaning at night. */
export const nightlyCleaning: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: NEVER_TWICE,
  catchupMs: 6 * HOUR_MS,
  catchupReason: 'Worth doing until the morning; later it would meet the work of the day, and the next night comes.',
  jitterMs: 5 * MINUTE_MS,
  jitterReason: 'Several tasks are due at the same minute; nobody waits for any of them.',
};

/** Cleaning once a week. */
export const weeklyCleaning: SchedulePolicy = {
  ...nightlyCleaning,
  catchupMs: DAY_MS,
  catchupReason: 'The next one is a week away, so it is made up for within the Sunday.',
};

/** The copy of the database before anything is deleted. */
export const nightlyBackup: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'One copy at a time: a second one would read the same rows again.',
  catchupMs: 12 * HOUR_MS,
  catchupReason: 'A late backup is better than none.',
  jitterMs: 0,
  jitterReason: 'It must have begun before the cleaning of 02:00.',
};

/** A report of the day before. */
export const dailyReport: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'The run that is going on writes this very report.',
  catchupMs: 12 * HOUR_MS,
  catchupReason: 'Still today’s report until the evening.',
  jitterMs: 0,
  jitterReason: ON_TIME,
};

/** A report of the week before. */
export const weeklyReport: SchedulePolicy = {
  ...dailyReport,
  catchupMs: 2 * DAY_MS,
  catchupReason: 'A weekly report is read until the middle of the week.',
};

/** A report of the month before. */
export const monthlyReport: SchedulePolicy = {
  ...dailyReport,
  catchupMs: 7 * DAY_MS,
  catchupReason: 'Missing a whole month because of one bad hour would be worse than any delay.',
};

/** A look at how things are now. */
export const look: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'A look that takes longer than the distance to the next one has seen enough.',
  catchupMs: MINUTE_MS,
  catchupReason: 'A look at the past tells nothing; the next one is minutes away.',
  jitterMs: 0,
  jitterReason: 'Figures at equal distances can be compared.',
};

/** Fetching what others have changed. */
export const fetching: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'The run that is going on fetches the same changes.',
  catchupMs: 10 * MINUTE_MS,
  catchupReason: 'The next one fetches everything since the last good one.',
  jitterMs: 30 * SECOND_MS,
  jitterReason: 'Everybody calls at the full half hour; the other side is thankful for a spread.',
};

/** Mail to many. */
export const mailing: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'The same mail twice is worse than a late one.',
  catchupMs: 6 * HOUR_MS,
  catchupReason: 'Welcome during the same day, odd in the night.',
  jitterMs: 0,
  jitterReason: ON_TIME,
};

/** Waiting for the sun. */
export const sunny: SchedulePolicy = {
  overlap: 'buffer-one',
  overlapReason: 'A run lasts until its moment comes, up to a day; the next day must wait for it, not be lost.',
  catchupMs: HOUR_MS,
  catchupReason: 'An hour after sunrise it is morning still; later the moment is gone.',
  jitterMs: 0,
  jitterReason: 'The workflow waits for the exact moment anyhow.',
};

const ASKED_FOR = 'Asked for by whoever added or changed the schedule.';

/** A policy with some parts replaced. A reason never outlives what it was given for. */
export function withWishes(policy: SchedulePolicy, wishes: PolicyWishes): SchedulePolicy {
  const reason = <T>(wished: T | undefined, now: T, given: string | undefined, old: string): string =>
    given ?? (wished === undefined || wished === now ? old : ASKED_FOR);
  return {
    overlap: wishes.overlap ?? policy.overlap,
    overlapReason: reason(wishes.overlap, policy.overlap, wishes.overlapReason, policy.overlapReason),
    catchupMs: wishes.catchupMs ?? policy.catchupMs,
    catchupReason: reason(wishes.catchupMs, policy.catchupMs, wishes.catchupReason, policy.catchupReason),
    jitterMs: wishes.jitterMs ?? policy.jitterMs,
    jitterReason: reason(wishes.jitterMs, policy.jitterMs, wishes.jitterReason, policy.jitterReason),
  };
}
