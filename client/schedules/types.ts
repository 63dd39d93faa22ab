/** What a caller can do with schedules. */
import type { CreateUserReportOutput } from '../../contracts/schedules/schema.ts';
import type {
  NewSchedule,
  Overlap,
  ScheduleChanges,
  ScheduleDefinition,
  ScheduleOrigin,
  Timing,
} from '../../contracts/schedules/vocabulary.ts';
import type { Occurrence } from '../../schedules/next.ts';
import type { PauseChange, StartedRun } from '../../services/schedules/port.ts';

export type { Occurrence } from '../../schedules/next.ts';

/**
 * One field in which server and code differ.
 *
 * @example
 * ```ts
 * const { changes } = await perennial.schedules.sync({ dryRun: true });
 * for (const { field, from, to } of changes.flatMap(({ differences }) => differences)) console.log(field, from, to);
 * ```
 */
export interface ScheduleDifference {
  readonly field: string;
  /** What the server has. */
  readonly from: string;
  /** What code says. */
  readonly to: string;
}

/**
 * What a sync does, or would do, to one schedule.
 *
 * @example
 * ```ts
 * const { changes } = await perennial.schedules.sync({ dryRun: true });
 * for (const { id, action } of changes) console.log(action, id);
 * ```
 */
export interface ScheduleChange {
  readonly id: string;
  readonly action: 'create' | 'update' | 'delete' | 'conflict';
  readonly differences: readonly ScheduleDifference[];
  /** Why it is a conflict. */
  readonly reason?: string;
}

/**
 * The outcome of a sync.
 *
 * @example
 * ```ts
 * const { changes, unchanged } = await perennial.schedules.sync();
 * console.log(`${changes.length} changed, ${unchanged} unchanged`);
 * ```
 */
export interface SyncReport {
  readonly dryRun: boolean;
  readonly changes: readonly ScheduleChange[];
  readonly unchanged: number;
  /** Schedules of the server that code has nothing to do with. */
  readonly others: number;
}

/**
 * A schedule as the server has it.
 *
 * @example
 * ```ts
 * const { paused, next } = await perennial.schedules.describe('daily-report');
 * console.log(paused ? 'paused' : next[0]);
 * ```
 */
export interface ScheduleView {
  readonly id: string;
  /** `foreign`: not made by Perennial. */
  readonly origin: ScheduleOrigin | 'foreign';
  /** `null` for a foreign schedule. */
  readonly definition: ScheduleDefinition | null;
  readonly paused: boolean;
  /** What the last person who paused or unpaused it wrote. */
  readonly note: string | null;
  /** Coming starts by the server, ISO times; at most ten. */
  readonly next: readonly string[];
  /** Last starts, oldest first; at most ten. */
  readonly recent: readonly { readonly dueAt: string; readonly startedAt: string; readonly workflowId: string }[];
  /** Ids of runs that are going on. */
  readonly running: readonly string[];
  readonly counts: ScheduleCounts;
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

/**
 * How often what happened since the schedule was created.
 *
 * @example
 * ```ts
 * const { counts } = await perennial.schedules.describe('daily-report');
 * console.log(counts.started, counts.missedCatchup);
 * ```
 */
export interface ScheduleCounts {
  readonly started: number;
  /** Due while the server was away for longer than the catch-up window. */
  readonly missedCatchup: number;
  readonly skippedOverlap: number;
  readonly droppedFromBuffer: number;
  /** Waiting for the run before. */
  readonly waiting: number;
}

/**
 * What a backfill starts, or would start.
 *
 * @example
 * ```ts
 * const { times } = await perennial.schedules.backfill('daily-report', {
 *   from: '2026-01-01T00:00:00Z',
 *   to: '2026-01-07T00:00:00Z',
 *   dryRun: true,
 * });
 * console.log(times.length);
 * ```
 */
export interface BackfillReport {
  readonly dryRun: boolean;
  /** Due times, ISO in UTC. */
  readonly times: readonly string[];
}

/**
 * Which times to come are shown.
 *
 * @example
 * ```ts
 * import type { NextOptions } from './client/index.ts';
 *
 * const options: NextOptions = { count: 3, showIn: 'Europe/Berlin' };
 * console.log(await perennial.schedules.next('daily-report', options));
 * ```
 */
export interface NextOptions {
  /** @defaultValue 10 */
  readonly count?: number | undefined;
  /** Times after this ISO time. @defaultValue now */
  readonly after?: string | undefined;
  /** Zone in which they are shown. @defaultValue the zone of the schedule */
  readonly showIn?: string | undefined;
}

/**
 * Schedules. Inputs are checked before anything is changed (`InvalidInput`);
 * `NotFound` for a name that no schedule has; `PerennialError` of type
 * `ScheduleForeign` for one that Perennial did not make.
 *
 * @example
 * ```ts
 * await perennial.schedules.add({
 *   id: 'ask-every-morning',
 *   timing: { cron: '0 8 * * MON-FRI' },
 *   timeZone: 'Europe/Berlin',
 *   target: { task: 'samples.add', input: { a: 1, b: 2 } },
 * });
 * await perennial.schedules.pause('ask-every-morning', 'nobody is here in August');
 * ```
 */
export interface ScheduleJobs {
  /** Makes the server agree with the folder `schedules/`; `dryRun` only tells the difference. */
  sync(options?: { readonly dryRun?: boolean | undefined }): Promise<SyncReport>;
  /**
   * Adds a schedule at run time. The same schedule again is no error.
   *
   * @throws PerennialError `ScheduleConflict` when the name is taken by another definition
   */
  add(schedule: NewSchedule): Promise<{ readonly created: boolean }>;
  /** As `add`; brings a schedule of this name that was added before up to date. */
  put(schedule: NewSchedule): Promise<void>;
  /** Changes a schedule that was added at run time; pauses stay. @throws PerennialError `ScheduleFromCode` */
  update(id: string, changes: ScheduleChanges): Promise<void>;
  /** Removes a schedule that was added at run time; runs under way go on. @throws PerennialError `ScheduleFromCode` */
  remove(id: string): Promise<void>;
  pause(id: string, note: string): Promise<void>;
  unpause(id: string, note: string): Promise<void>;
  /** Starts a run now, also while paused; after the run that is going on, unless the policy allows several. */
  trigger(id: string): Promise<void>;
  /** Makes up for due times of the past, both ends included; one after the other unless `overlap` says otherwise. */
  backfill(
    id: string,
    range: {
      readonly from: string;
      readonly to: string;
      readonly overlap?: Overlap | undefined;
      readonly dryRun?: boolean | undefined;
    },
  ): Promise<BackfillReport>;
  /** All schedules, ours and foreign, by name. */
  list(): Promise<readonly ScheduleView[]>;
  describe(id: string): Promise<ScheduleView>;
  /** What schedules have started since an ISO time, and what of it was still going on then. */
  runsSince(time: string): Promise<readonly StartedRun[]>;
  /** Who paused it and let it go on after an ISO time, oldest first; `undefined` where the server does not tell. */
  pausesSince(id: string, time: string): Promise<readonly PauseChange[] | undefined>;
  /** The times to come of a schedule of ours. */
  next(id: string, options?: NextOptions): Promise<readonly Occurrence[]>;
  /** The times to come of a timing that nobody has added yet. */
  preview(timing: Timing, timeZone: string, options?: NextOptions): readonly Occurrence[];
  /** Creates the schedule that reports to one user at 8 in the morning of the user's time zone. */
  createUserReportTask(userId: string): Promise<CreateUserReportOutput>;
}
