/** The interface of the schedules domain. */
import type { CreateUserReportOutput } from '../../contracts/schedules/schema.ts';
import type {
  NewSchedule,
  Overlap,
  Recurrence,
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
  /** Value on the server. */
  readonly from: string;
  /** Value in the code. */
  readonly to: string;
}

/**
 * Change of one schedule by a sync.
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
  /** Reason of a conflict. */
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
  /** Number of schedules on the server that are not from code. */
  readonly others: number;
}

/**
 * A schedule on the server.
 *
 * @example
 * ```ts
 * const { paused, next } = await perennial.schedules.describe('daily-report');
 * console.log(paused ? 'paused' : next[0]);
 * ```
 */
export interface ScheduleView {
  readonly id: string;
  /** Origin; `foreign` when Perennial did not make it. */
  readonly origin: ScheduleOrigin | 'foreign';
  /** Definition; `null` for a foreign schedule. */
  readonly definition: ScheduleDefinition | null;
  readonly paused: boolean;
  /** Starts that a one-off schedule has left, 0 when it is finished; `null` for a schedule that is not one-off. */
  readonly remaining: number | null;
  /** Note of the last pause or resumption. */
  readonly note: string | null;
  /** Next starts, ISO 8601; at most ten. A schedule that is paused makes none of them. */
  readonly next: readonly string[];
  /** Last starts, oldest first; at most ten. */
  readonly recent: readonly { readonly dueAt: string; readonly startedAt: string; readonly workflowId: string }[];
  /** Ids of running runs. */
  readonly running: readonly string[];
  readonly counts: ScheduleCounts;
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

/**
 * Counts of events since the schedule was created.
 *
 * @example
 * ```ts
 * const { counts } = await perennial.schedules.describe('daily-report');
 * console.log(counts.started, counts.missedCatchup);
 * ```
 */
export interface ScheduleCounts {
  readonly started: number;
  /** Due times that were missed because the server was unavailable for longer than the catch-up window. */
  readonly missedCatchup: number;
  readonly skippedOverlap: number;
  readonly droppedFromBuffer: number;
  /** Starts that wait for the previous run. */
  readonly waiting: number;
}

/**
 * Result of a backfill or of its dry run.
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
  /** Due times, ISO 8601 in UTC. */
  readonly times: readonly string[];
}

/**
 * Options for a list of future times.
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
  /** Number of times. @defaultValue 10 */
  readonly count?: number | undefined;
  /** Times after this ISO time. @defaultValue now */
  readonly after?: string | undefined;
  /** Zone in which they are shown. @defaultValue the zone of the schedule */
  readonly showIn?: string | undefined;
}

/**
 * Options for the times of a timing that has not been added.
 *
 * @example
 * ```ts
 * import type { PreviewOptions } from './client/index.ts';
 *
 * const options: PreviewOptions = { count: 3, onceADay: true, end: '2027-06-30' };
 * console.log(perennial.schedules.preview({ cron: '30 2 * * *' }, 'Europe/Berlin', options));
 * ```
 */
export interface PreviewOptions extends NextOptions, Pick<Recurrence, 'onceADay' | 'start' | 'end' | 'oneOff'> {}

/**
 * Schedules. Inputs are checked before anything is changed (`InvalidInput`). An
 * unknown name throws `NotFound`, and a schedule that Perennial did not make a
 * `PerennialError` of type `ScheduleForeign`.
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
  /** Makes the server's schedules match the folder `schedules/`; `dryRun` only reports the differences. */
  sync(options?: { readonly dryRun?: boolean | undefined }): Promise<SyncReport>;
  /**
   * Adds a schedule at run time. Adding the same definition again changes nothing.
   *
   * @throws PerennialError `ScheduleConflict` the name belongs to another definition
   */
  add(schedule: NewSchedule): Promise<{ readonly created: boolean }>;
  /** Adds a schedule, or updates the schedule of this name that was added before. */
  put(schedule: NewSchedule): Promise<void>;
  /** Changes a schedule that was added at run time; pauses are kept. @throws PerennialError `ScheduleFromCode` */
  update(id: string, changes: ScheduleChanges): Promise<void>;
  /** Removes a schedule that was added at run time; running runs continue. @throws PerennialError `ScheduleFromCode` */
  remove(id: string): Promise<void>;
  pause(id: string, note: string): Promise<void>;
  unpause(id: string, note: string): Promise<void>;
  /** Starts a run now, also while paused; it waits for the running run unless the policy allows several. */
  trigger(id: string): Promise<void>;
  /** Starts runs for past due times, both ends included; they run one after the other unless `overlap` says otherwise. */
  backfill(
    id: string,
    range: {
      readonly from: string;
      readonly to: string;
      readonly overlap?: Overlap | undefined;
      readonly dryRun?: boolean | undefined;
    },
  ): Promise<BackfillReport>;
  /** Lists all schedules by name, including foreign ones. */
  list(): Promise<readonly ScheduleView[]>;
  describe(id: string): Promise<ScheduleView>;
  /** Lists the runs that schedules have started since an ISO time, and those that were still running then. */
  runsSince(time: string): Promise<readonly StartedRun[]>;
  /** Lists the pauses and resumptions after an ISO time, oldest first; `undefined` when the server does not keep them. */
  pausesSince(id: string, time: string): Promise<readonly PauseChange[] | undefined>;
  /** Lists the next times of a schedule of Perennial. */
  next(id: string, options?: NextOptions): Promise<readonly Occurrence[]>;
  /** Lists the next times of a timing that has not been added. */
  preview(timing: Timing, timeZone: string, options?: PreviewOptions): readonly Occurrence[];
  /** Creates the schedule of one user's daily report at 08:00 in the user's time zone. */
  createUserReportTask(userId: string): Promise<CreateUserReportOutput>;
}
