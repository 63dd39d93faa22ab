/**
 * The vocabulary of the schedules domain: timings, targets, policies, and outcomes of due times. No other file repeats
 * these strings.
 */
import type { PriorityScale } from '../canvas/vocabulary.ts';
import type { CallFacts, CommonCallOptions, Listed } from '../tasks/calls.ts';
import { DAY_MS, MINUTE_MS } from '../values/units.ts';

/** Solar events, by Celery's names. */
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

/** Name of a solar event. */
export type SolarEvent = (typeof SOLAR_EVENTS)[number];

/** A solar event at a place. */
export interface SolarTiming {
  readonly event: SolarEvent;
  /** Degrees, north positive, -90…90. */
  readonly latitude: number;
  /** Degrees, east positive, -180…180. */
  readonly longitude: number;
}

/** One field of Celery's `crontab`: a number, an expression such as `mon-fri` or `8-18/2`, or a list of both. */
export type CrontabField = number | string | readonly (number | string)[];

/** Celery's `crontab`, field by field. Omitted fields are `*`. Day of month and day of week must both match (AND). */
export interface Crontab {
  readonly minute?: CrontabField | undefined;
  readonly hour?: CrontabField | undefined;
  readonly day_of_week?: CrontabField | undefined;
  readonly day_of_month?: CrontabField | undefined;
  readonly month_of_year?: CrontabField | undefined;
}

/** A fixed interval, counted from 1970-01-01T00:00:00Z, so that restarts never shift it. */
export interface Interval {
  /** Length in whole seconds, at least 1. */
  readonly seconds: number;
  /** Shift of all times, in whole seconds. @defaultValue 0 */
  readonly offsetSeconds?: number | undefined;
}

/**
 * Timing of a schedule in one of its forms. `cron` is a line of five fields, where a day matches if either day of month or
 * day of week matches, as in cron; in `crontab` both must match, as in Celery. `at` is a single instant, ISO 8601; the
 * server counts in whole seconds, so a fraction of a second counts as the next one.
 */
export type Timing =
  | { readonly cron: string }
  | { readonly crontab: Crontab }
  | { readonly every: Interval }
  | { readonly solar: SolarTiming }
  | { readonly at: string };

/** Options of the call that a schedule makes at each due time. */
export interface ScheduledCallOptions extends CommonCallOptions {
  /** Seconds after the due time from which the task is no longer begun and becomes `REVOKED`. @defaultValue never */
  readonly expires?: number | undefined;
}

/** A task of the catalogue with its input. */
export interface TaskTarget {
  readonly task: string;
  readonly input: unknown;
  readonly options?: ScheduledCallOptions | undefined;
}

/** A workflow by name. */
export interface WorkflowTarget {
  readonly workflow: string;
  readonly args: readonly unknown[];
}

/** A canvas as Celery's JSON, with what it is called with; each due time starts a run of its own. */
export interface CanvasTarget {
  readonly canvas: unknown;
  /** Put before the arguments of the first call. */
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Override the canvas's own options. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly priorityScale?: PriorityScale | undefined;
  readonly tenant?: string | undefined;
}

/** A canvas of the application by its name, built when the schedule is written to the server. */
export interface NamedCanvasTarget extends Omit<CanvasTarget, 'canvas' | 'args' | 'kwargs'> {
  readonly canvas: string;
  /** @defaultValue an empty object */
  readonly input?: unknown;
}

/** Target of a schedule: a task of the catalogue, a workflow by name, or a canvas. */
export type ScheduleTarget = TaskTarget | WorkflowTarget | CanvasTarget;

/**
 * Target as a caller writes it. A task takes `input`, or Celery's `args` and `kwargs`, which are converted to the input;
 * without any of them the input is an empty object.
 */
export type NewScheduleTarget =
  | {
      readonly task: string;
      readonly input?: unknown;
      readonly args?: readonly unknown[] | undefined;
      readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
      readonly options?: ScheduledCallOptions | undefined;
    }
  | { readonly workflow: string; readonly args?: readonly unknown[] | undefined }
  | NamedCanvasTarget
  | CanvasTarget;

/** Policies for a due time at which the previous run is still going on. */
export const OVERLAPS = ['skip', 'buffer-one', 'buffer-all', 'cancel-other', 'terminate-other', 'allow-all'] as const;

/** Policy for a due time at which the previous run is still going on. */
export type Overlap = (typeof OVERLAPS)[number];

/** Policy of a schedule for overlaps, late starts and jitter, with a reason for each in words. */
export interface SchedulePolicy {
  readonly overlap: Overlap;
  readonly overlapReason: string;
  /** Oldest due time that is made up for after the server was unavailable, in milliseconds. */
  readonly catchupMs: number;
  readonly catchupReason: string;
  /** Largest delay of a start, in milliseconds; the same due time always has the same delay. */
  readonly jitterMs: number;
  readonly jitterReason: string;
}

/** Complete definition of a schedule; its hash shows whether the server's schedule matches the code. */
export interface ScheduleDefinition {
  /** Unique name, also the id on the server. */
  readonly id: string;
  /** One sentence that says what it is for. */
  readonly purpose: string;
  readonly timing: Timing;
  /** IANA zone in which `cron` and `crontab` are read. @defaultValue UTC */
  readonly timeZone: string;
  /**
   * Whether it runs exactly once on each of its days: at the first of two equal local times, and at the next existing time
   * for a skipped one. It needs a timing with one time of day. Otherwise the server's rule applies.
   * @defaultValue false
   */
  readonly onceADay?: boolean | undefined;
  /** First instant at which it may be due, ISO 8601. @defaultValue any */
  readonly start?: string | undefined;
  /** Last instant at which it may be due, ISO 8601. @defaultValue any */
  readonly end?: string | undefined;
  /** Whether it is finished after its first due time. It excludes a solar timing. @defaultValue false */
  readonly oneOff?: boolean | undefined;
  readonly target: ScheduleTarget;
  readonly policy: SchedulePolicy;
}

/** The parts of a definition that say when it is due. */
export type Recurrence = Pick<ScheduleDefinition, 'timing' | 'onceADay' | 'start' | 'end' | 'oneOff'> & {
  /** @defaultValue UTC */
  readonly timeZone?: string | undefined;
};

/** The parts of a policy that a caller sets. */
export type PolicyOptions = { readonly [K in keyof SchedulePolicy]?: SchedulePolicy[K] | undefined };

/** Input that adds a schedule; omitted fields have defaults. */
export interface NewSchedule extends Recurrence, Pick<ScheduleDefinition, 'id'> {
  readonly target: NewScheduleTarget;
  /** @defaultValue empty */
  readonly purpose?: string | undefined;
  /** @defaultValue DEFAULT_SCHEDULE_POLICY */
  readonly policy?: PolicyOptions | undefined;
  /** Whether it is created paused, so that nothing starts until it is unpaused. An existing schedule keeps its state. @defaultValue false */
  readonly paused?: boolean | undefined;
}

/** Input that changes a schedule; omitted fields keep their values, and `null` removes a `start` or `end`. */
export type ScheduleChanges = {
  readonly [K in Exclude<keyof NewSchedule, 'id' | 'paused' | 'start' | 'end'>]?: NewSchedule[K] | undefined;
} & { readonly [K in 'start' | 'end']?: string | null | undefined };

/** Origin of a schedule: `code` for the folder `schedules/`, `dynamic` for one that was added at run time. */
export type ScheduleOrigin = 'code' | 'dynamic';

/** Key in the memo of schedules and their runs that marks them as Perennial's. */
export const SCHEDULE_MEMO = 'perennial';

/** Names under which the workflows of this domain are started. */
export const scheduleWorkflows = { runAtSolarEvent: 'runAtSolarEvent' } as const;

/** Outcomes of a due time. */
export const RUN_STATES = ['ran', 'skipped', 'missed'] as const;

/** Outcome of a due time: `skipped` by a policy or a pause, `missed` unintentionally. */
export type RunState = (typeof RUN_STATES)[number];

/** Why a due time has no run, or an unusual one. */
export const RUN_REASONS = [
  /** The previous run was still going on. */
  'overlap',
  /** The server was unavailable for longer than the catch-up window. */
  'catch-up',
  /** More runs were waiting than the server buffers. */
  'buffer-full',
  /** The schedule was paused. */
  'paused',
  /** The solar event does not occur at that place on that day. */
  'polar',
  /** Another run had covered the same due time. */
  'duplicate',
  /** Started more than a minute after it was due. */
  'late',
  /** The server neither started a run nor reported why. */
  'unexplained',
] as const;

/** Why a due time has no run, or an unusual one. */
export type RunReason = (typeof RUN_REASONS)[number];

/** Default policy of a schedule. */
export const DEFAULT_SCHEDULE_POLICY: SchedulePolicy = {
  overlap: 'skip',
  overlapReason: 'Nobody asked for two runs at once.',
  catchupMs: 10 * MINUTE_MS,
  catchupReason: 'A restart of the server must not lose a run; after longer silence the next one is as good.',
  jitterMs: 0,
  jitterReason: 'A due run starts at its time unless a spread is asked for.',
};

/** Smallest and largest catch-up window of the server, in milliseconds. */
export const CATCHUP_LIMITS_MS = { min: 10_000, max: 365 * DAY_MS } as const;

/** Returns the id of the schedule of one user's daily report. */
export function userReportScheduleId(userId: string): string {
  return `user_daily_report_${userId}`;
}

/** What the workflow of a solar schedule starts: a task with the facts of its call, or a workflow. */
export type SolarTarget = (
  { readonly task: string; readonly input: unknown; readonly facts?: CallFacts } | WorkflowTarget
) & {
  /** What the run is found by. */
  readonly listed?: Listed;
};

/** Input of the workflow of a solar schedule. */
export interface SolarRunInput {
  readonly scheduleId: string;
  readonly solar: SolarTiming;
  readonly target: SolarTarget;
  /** Oldest event that is made up for, in milliseconds. */
  readonly catchupMs: number;
}

/** Outcome of one day of a solar schedule. */
export type SolarRunResult =
  | { readonly state: 'ran'; readonly at: string; readonly workflowId: string }
  | { readonly state: 'skipped' | 'missed'; readonly reason: RunReason; readonly at: string | null };
