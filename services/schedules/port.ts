/** What the product remembers of schedules, and what it wants to know of those that run. */
import type { ScheduleRun } from '../../contracts/schedules/schema.ts';
import type { RunState, ScheduleDefinition } from '../../contracts/schedules/vocabulary.ts';

/** Which rows of the ledger are wanted. */
export interface RunFilter {
  readonly scheduleId?: string;
  readonly states?: readonly RunState[];
  /** ISO time; only due times before it. */
  readonly before?: string;
  readonly limit: number;
}

/** How far a schedule has been looked at. */
export interface AuditMark {
  readonly scheduleId: string;
  /** ISO time; due times up to it are settled. */
  readonly auditedUntil: string;
  readonly paused: boolean;
  readonly counts: AuditCounts;
  readonly definition: ScheduleDefinition;
}

/** What the server counts without saying which due time it was. */
export interface AuditCounts {
  readonly missedCatchup: number;
  readonly skippedOverlap: number;
  readonly bufferDropped: number;
}

/** The ledger of due times. Every write may be repeated without a further effect. */
export interface ScheduleLedger {
  /** A run that was found later corrects a row that says skipped or missed; nothing takes a run back. */
  record(runs: readonly ScheduleRun[]): Promise<void>;
  /** Newest due times first. */
  list(filter: RunFilter): Promise<readonly ScheduleRun[]>;
  marks(): Promise<readonly AuditMark[]>;
  /** Stores rows and the mark behind them in one transaction. */
  settle(mark: AuditMark, runs: readonly ScheduleRun[]): Promise<void>;
  /** Forgets the marks of schedules that are gone; their rows stay. */
  forget(scheduleIds: readonly string[]): Promise<void>;
}

/** A schedule as the server has it at this moment. */
export interface WatchedSchedule {
  readonly id: string;
  readonly definition: ScheduleDefinition;
  readonly paused: boolean;
  readonly note: string | null;
  readonly counts: AuditCounts;
  /** Due times that wait for the run before. */
  readonly waiting: number;
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

/** A run that a schedule has started. */
export interface StartedRun {
  readonly scheduleId: string;
  readonly dueAt: string;
  readonly startedAt: string;
  /** `null` while it is going on. */
  readonly endedAt: string | null;
  readonly workflowId: string;
}

/** Somebody paused a schedule, or let it go on. */
export interface PauseChange {
  /** ISO time. */
  readonly at: string;
  readonly paused: boolean;
  /** What was written beside it. */
  readonly note: string;
}

/** The schedules of the server. @throws PerennialError `BackendUnavailable` while the server is away */
export interface ScheduleServer {
  /** Schedules that Perennial made. */
  watch(): Promise<readonly WatchedSchedule[]>;
  /** Runs of any schedule that were started, or were still going on, after an ISO time. */
  runsSince(time: string): Promise<readonly StartedRun[]>;
  /** Pauses and continuations of one schedule after an ISO time, oldest first; `undefined` where the server does not tell. */
  pausesSince(scheduleId: string, time: string): Promise<readonly PauseChange[] | undefined>;
  /** Adds a schedule, or brings the one that was added before up to date. @throws PerennialError `ScheduleForeign`, `ScheduleFromCode` */
  put(definition: ScheduleDefinition): Promise<void>;
}
