/** The ports of schedules: the ledger of their due times, and the server that runs them. */
import type { ScheduleRun } from '../../contracts/schedules/schema.ts';
import type { RunState, ScheduleDefinition } from '../../contracts/schedules/vocabulary.ts';

/** Selects rows of the ledger. */
export interface RunFilter {
  readonly scheduleId?: string;
  readonly states?: readonly RunState[];
  /** Only rows behind this one are selected; its `dueAt` is an ISO time. */
  readonly after?: Pick<ScheduleRun, 'dueAt' | 'scheduleId'>;
  readonly limit: number;
}

/** How far the due times of a schedule have been audited. */
export interface AuditMark {
  readonly scheduleId: string;
  /** ISO time; due times up to it are settled. */
  readonly auditedUntil: string;
  readonly paused: boolean;
  readonly counts: AuditCounts;
  readonly definition: ScheduleDefinition;
}

/** Counts of the server that do not tell which due times they stand for. */
export interface AuditCounts {
  readonly missedCatchup: number;
  readonly skippedOverlap: number;
  readonly bufferDropped: number;
}

/** The ledger of due times. Every write may be repeated without a further effect. */
export interface ScheduleLedger {
  /** Records runs. A run found later corrects a row that says skipped or missed; a recorded run is never withdrawn. */
  record(runs: readonly ScheduleRun[]): Promise<void>;
  /** Lists rows, newest due times first. */
  list(filter: RunFilter): Promise<readonly ScheduleRun[]>;
  marks(): Promise<readonly AuditMark[]>;
  /** Stores rows and the mark after them in one transaction. */
  settle(mark: AuditMark, runs: readonly ScheduleRun[]): Promise<void>;
  /** Deletes the marks of removed schedules; their rows stay. */
  forget(scheduleIds: readonly string[]): Promise<void>;
}

/** The current state of a schedule on the server. */
export interface WatchedSchedule {
  readonly id: string;
  readonly definition: ScheduleDefinition;
  readonly paused: boolean;
  /** Starts that a one-off schedule has left; `null` for any other. */
  readonly remaining: number | null;
  readonly note: string | null;
  readonly counts: AuditCounts;
  /** Number of due times that wait for the run before. */
  readonly waiting: number;
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

/** A run that a schedule started. */
export interface StartedRun {
  readonly scheduleId: string;
  readonly dueAt: string;
  readonly startedAt: string;
  /** `null` while the run is active. */
  readonly endedAt: string | null;
  readonly workflowId: string;
}

/** A pause of a schedule, or the end of one. */
export interface PauseChange {
  /** ISO time. */
  readonly at: string;
  readonly paused: boolean;
  /** The note of whoever paused or continued it. */
  readonly note: string;
}

/**
 * The schedules of the server.
 * @throws PerennialError `BackendUnavailable` while the server is away
 */
export interface ScheduleServer {
  /** Returns the schedules that Perennial created. */
  watch(): Promise<readonly WatchedSchedule[]>;
  /** Returns runs of any schedule that were started, or were still active, after an ISO time. */
  runsSince(time: string): Promise<readonly StartedRun[]>;
  /**
   * Returns pauses and continuations of one schedule after an ISO time, oldest first; `undefined` when the server keeps
   * no record of them.
   */
  pausesSince(scheduleId: string, time: string): Promise<readonly PauseChange[] | undefined>;
  /**
   * Adds a schedule, or updates the one added before.
   * @throws PerennialError `ScheduleForeign`, `ScheduleFromCode`
   */
  put(definition: ScheduleDefinition): Promise<void>;
}
