/** How schedules of a kind behave when runs are late or overlap; each value has its reason. */
import type { PolicyOptions, SchedulePolicy } from '../contracts/schedules/vocabulary.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../contracts/values/units.ts';

const NEVER_TWICE = 'Two runs over the same rows and files would conflict.';
const ON_TIME = 'People expect it at this time.';

/** Policy of nightly clean-ups. */
export const nightlyCleaning: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: NEVER_TWICE,
  catchupMs: 6 * HOUR_MS,
  catchupReason:
    'A late clean-up is useful until the morning; later it would compete with the work of the day, and the next one is due at night.',
  jitterMs: 5 * MINUTE_MS,
  jitterReason: 'Several tasks are due at the same minute, and nobody waits for them.',
};

/** Policy of weekly clean-ups. */
export const weeklyCleaning: SchedulePolicy = {
  ...nightlyCleaning,
  catchupMs: DAY_MS,
  catchupReason: 'The next run is a week away, so a missed one is made up for during the Sunday.',
};

/** Policy of comparisons with a provider. */
export const comparing: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'The active run compares the same objects.',
  catchupMs: 12 * HOUR_MS,
  catchupReason: 'Differences are looked at during the day; the next run is due at night.',
  jitterMs: 10 * MINUTE_MS,
  jitterReason: 'Many installations ask the same provider at the same minute.',
};

/** Policy of the backup that runs before anything is deleted. */
export const nightlyBackup: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'A second concurrent copy would read the same rows again.',
  catchupMs: 12 * HOUR_MS,
  catchupReason: 'A late backup is better than none.',
  jitterMs: 0,
  jitterReason: 'It must begin before the clean-up at 02:00.',
};

/** Policy of reports on the previous day. */
export const dailyReport: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'The active run writes this same report.',
  catchupMs: 12 * HOUR_MS,
  catchupReason: 'The report is useful until the evening.',
  jitterMs: 0,
  jitterReason: ON_TIME,
};

/** Policy of reports on the previous week. */
export const weeklyReport: SchedulePolicy = {
  ...dailyReport,
  catchupMs: 2 * DAY_MS,
  catchupReason: 'A weekly report is useful until the middle of the week.',
};

/** Policy of reports on the previous month. */
export const monthlyReport: SchedulePolicy = {
  ...dailyReport,
  catchupMs: 7 * DAY_MS,
  catchupReason: 'Missing a whole month because of one bad hour would be worse than any delay.',
};

/** Policy of checks of the current state. */
export const look: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'A check that lasts longer than its interval already covers the next one.',
  catchupMs: MINUTE_MS,
  catchupReason: 'A check cannot be made for the past, and the next one is minutes away.',
  jitterMs: 0,
  jitterReason: 'Values measured at equal intervals can be compared.',
};

/** Policy of imports from external addresses. */
export const fetching: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'The active run fetches the same changes.',
  catchupMs: 10 * MINUTE_MS,
  catchupReason: 'The next run fetches everything since the last successful one.',
  jitterMs: 30 * SECOND_MS,
  jitterReason: 'Many clients call at the half hour, so a spread reduces the load of the external server.',
};

/** Policy of mailings. */
export const mailing: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'A duplicate message is worse than a late one.',
  catchupMs: 6 * HOUR_MS,
  catchupReason: 'The message is useful on the same day, but not at night.',
  jitterMs: 0,
  jitterReason: ON_TIME,
};

/** Policy of monthly reports to users. */
export const userReports: SchedulePolicy = {
  ...mailing,
  catchupMs: 7 * DAY_MS,
  catchupReason: 'A report of the month is late, and still a report; each user gets it once.',
};

/** Policy of solar schedules. */
export const sunny: SchedulePolicy = {
  overlap: 'buffer-one',
  overlapReason:
    'A run lasts up to a day, until the event; the next day’s run must wait for it rather than be skipped.',
  catchupMs: HOUR_MS,
  catchupReason: 'An hour after the event the task is still useful; later it is not.',
  jitterMs: 0,
  jitterReason: 'The workflow waits for the exact time itself.',
};

const ASKED_FOR = 'Set by whoever added or changed the schedule.';

/** Replaces parts of a policy. The reason of a replaced value is replaced too, because it no longer applies. */
export function withOptions(policy: SchedulePolicy, options: PolicyOptions): SchedulePolicy {
  const reason = <T>(wanted: T | undefined, now: T, given: string | undefined, old: string): string =>
    given ?? (wanted === undefined || wanted === now ? old : ASKED_FOR);
  return {
    overlap: options.overlap ?? policy.overlap,
    overlapReason: reason(options.overlap, policy.overlap, options.overlapReason, policy.overlapReason),
    catchupMs: options.catchupMs ?? policy.catchupMs,
    catchupReason: reason(options.catchupMs, policy.catchupMs, options.catchupReason, policy.catchupReason),
    jitterMs: options.jitterMs ?? policy.jitterMs,
    jitterReason: reason(options.jitterMs, policy.jitterMs, options.jitterReason, policy.jitterReason),
  };
}
