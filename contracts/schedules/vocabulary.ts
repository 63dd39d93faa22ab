/**
 * The vocabulary of schedules: when something is due, what is then started, and
 * what became of each due time. No such string is written anywhere else.
 */
import { DAY_MS, MINUTE_MS } from '../values/units.ts';

/** Moments of the sun that a schedule can wait for, by the names that Celery gives them. */
export const SOLAR_EVENTS = [
  'dawn_astronomical',
  'dawn_nautical',
  'dawn_civil',
  'sunrise',
  'solar_noon',
  'sunset',
  'dusk_civil',
  'dusk_nautical',
  'dusk_astronomical',
] as const;

/** A moment of the sun. */
export type SolarEvent = (typeof SOLAR_EVENTS)[number];

/** A moment of the sun at a place. */
export interface SolarTiming {
  readonly event: SolarEvent;
  /** Degrees, north positive, -90…90. */
  readonly latitude: number;
  /** Degrees, east positive, -180…180. */
  readonly longitude: number;
}

/** One field of Celery's `crontab`: a number, an expression such as `mon-fri` or `8-18/2`, or a list of both. */
export type CrontabField = number | string | readonly (number | string)[];

/** Celery's `crontab`, field by field. What is left out is `*`. Day of month and day of week must both match (AND). */
export interface Crontab {
  readonly minute?: CrontabField | undefined;
  readonly hour?: CrontabField | undefined;
  readonly day_of_week?: CrontabField | undefined;
  readonly day_of_month?: CrontabField | undefined;
  readonly month_of_year?: CrontabField | undefined;
}

/** A fixed distance, counted from 1970-01-01T00:00:00Z, so that restarts never shift it. */
export interface Interval {
  /** Distance in whole seconds, at least 1. */
  readonly seconds: number;
  /** Shifts all times by so many whole seconds. @defaultValue 0 */
  readonly offsetSeconds?: number | undefined;
}

/**
 * When something is due: one of four forms. In `cron`, a line of five fields,
 * day of month and day of week are joined by OR where both are restricted, as
 * cron does; in `crontab` by AND, as Celery does.
 */
export type Timing =
  | { readonly cron: string }
  | { readonly crontab: Crontab }
  | { readonly every: Interval }
  | { readonly solar: SolarTiming };

/** What a schedule starts: one task of the catalogue, or a workflow by name. */
export type ScheduleTarget =
  { readonly task: string; readonly input: unknown } | { readonly workflow: string; readonly args: readonly unknown[] };

/** What happens at a due time while the run before is still going on. */
export const OVERLAPS = ['skip', 'buffer-one', 'buffer-all', 'cancel-other', 'terminate-other', 'allow-all'] as const;

/** What happens at a due time while the run before is still going on. */
export type Overlap = (typeof OVERLAPS)[number];

/** How a schedule behaves when things do not go as planned. Each reason is words for people. */
export interface SchedulePolicy {
  readonly overlap: Overlap;
  readonly overlapReason: string;
  /** A due time that passed while the server was away is made up for if it is no older than this, in milliseconds. */
  readonly catchupMs: number;
  readonly catchupReason: string;
  /** Each start is delayed by up to so many milliseconds, always the same for the same due time. */
  readonly jitterMs: number;
  readonly jitterReason: string;
}

/** Everything there is to say about a schedule. Its hash tells whether server and code agree. */
export interface ScheduleDefinition {
  /** Unique; also the id on the server. */
  readonly id: string;
  /** What it is for, in one sentence. */
  readonly purpose: string;
  readonly timing: Timing;
  /** IANA zone in which `cron` and `crontab` are read (CFG-7). @defaultValue UTC */
  readonly timeZone: string;
  /**
   * Runs exactly once on each of its days: a time that the clock repeats when it
   * comes first, one that it jumps over at the next time that exists. Needs a
   * timing with one time of day. Without it the server's own rule holds.
   * @defaultValue false
   */
  readonly onceADay?: boolean | undefined;
  readonly target: ScheduleTarget;
  readonly policy: SchedulePolicy;
}

/** The parts of a policy that a caller cares about. */
export type PolicyWishes = { readonly [K in keyof SchedulePolicy]?: SchedulePolicy[K] | undefined };

/** What a caller says to add a schedule; what is left out takes the defaults. */
export interface NewSchedule extends Pick<ScheduleDefinition, 'id' | 'timing' | 'target' | 'onceADay'> {
  /** @defaultValue empty */
  readonly purpose?: string | undefined;
  /** @defaultValue UTC */
  readonly timeZone?: string | undefined;
  /** @defaultValue DEFAULT_SCHEDULE_POLICY */
  readonly policy?: PolicyWishes | undefined;
}

/** What a caller says to change a schedule; what is left out stays. */
export type ScheduleChanges = { readonly [K in Exclude<keyof NewSchedule, 'id'>]?: NewSchedule[K] | undefined };

/** Who is the author of a schedule: `code` is the folder `schedules/`, `dynamic` somebody at run time. */
export type ScheduleOrigin = 'code' | 'dynamic';

/** Key under which schedules and their runs carry our mark in their memo. */
export const SCHEDULE_MEMO = 'perennial';

/** Names under which the workflows of this domain are started. */
export const scheduleWorkflows = { runAtSolarEvent: 'runAtSolarEvent' } as const;

/** What became of one due time. */
export const RUN_STATES = ['ran', 'skipped', 'missed'] as const;

/** What became of one due time: `skipped` on purpose, `missed` although wanted. */
export type RunState = (typeof RUN_STATES)[number];

/** Why a due time has no run, or an unusual one. */
export const RUN_REASONS = [
  /** The run before was still going on. */
  'overlap',
  /** The server was away for longer than the catch-up window. */
  'catch-up',
  /** More runs were waiting than the server keeps. */
  'buffer-full',
  /** Somebody had paused the schedule. */
  'paused',
  /** The sun does not do that there on that day. */
  'polar',
  /** Another run had served this very moment. */
  'duplicate',
  /** Started more than a minute after it was due. */
  'late',
  /** The server neither started it nor counted why not. */
  'unexplained',
] as const;

/** Why a due time has no run, or an unusual one. */
export type RunReason = (typeof RUN_REASONS)[number];

/** What becomes of a schedule's time when nobody says otherwise. */
export const DEFAULT_SCHEDULE_POLICY: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'Nobody asked for two runs at once.',
  catchupMs: 10 * MINUTE_MS,
  catchupReason: 'A restart of the server must not lose a run; after longer silence the next one is as good.',
  jitterMs: 0,
  jitterReason: 'Due means due unless somebody asks for a spread.',
};

/** Least and most that the server takes as catch-up window, in milliseconds. */
export const CATCHUP_LIMITS_MS = { min: 10_000, max: 365 * DAY_MS } as const;

/** Id of the schedule that reports to one user every morning (BEAT-23). */
export function userReportScheduleId(userId: string): string {
  return `user_daily_report_${userId}`;
}

/** What the workflow of a solar schedule is started with. */
export interface SolarRunInput {
  readonly scheduleId: string;
  readonly solar: SolarTiming;
  readonly target: ScheduleTarget;
  /** An event is made up for when it is no older than this, in milliseconds. */
  readonly catchupMs: number;
}

/** What became of one day of a solar schedule. */
export type SolarRunResult =
  | { readonly state: 'ran'; readonly at: string; readonly workflowId: string }
  | { readonly state: 'skipped' | 'missed'; readonly reason: RunReason; readonly at: string | null };
