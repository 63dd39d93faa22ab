/** The client SDK: start jobs, watch them, fetch their results. */
export { connectPerennial, type ConnectOptions } from './connect.ts';
export type { Decider } from './canvas-approvals.ts';
export type { CanvasJobs, CanvasStart, CanvasView, RevokedCalls } from './canvas-types.ts';
export type { HousekeepingInput, HousekeepingJobs, HousekeepingResult } from './housekeeping-types.ts';
export type { ManifestStore } from './manifest.ts';
export type { PayloadStore } from './payloads.ts';
export type { ImportHandle, ImportJobs } from './import-types.ts';
export type { BulkHandle, BulkStart, EmailJobs, EmailMessage, QueuedBulk, QueuedEmail } from './email-types.ts';
export type { ExportStart, ReportJobs, ReportResult } from './report-types.ts';
export { Ended, NotFound, Stopped, Unavailable } from './errors.ts';
export { describeTiming } from '../schedules/timing.ts';
export type {
  BackfillReport,
  NextOptions,
  Occurrence,
  ScheduleChange,
  ScheduleCounts,
  ScheduleDifference,
  ScheduleJobs,
  ScheduleView,
  SyncReport,
} from './schedule-types.ts';
export type {
  BatchHandle,
  BatchStart,
  DocumentJobs,
  FollowOptions,
  JobHandle,
  JobStatus,
  PerennialClient,
  ProcessOptions,
  QueuedDocuments,
  WaitOptions,
} from './types.ts';
export type { QueueChange, QueueControls, QueueState, QueueView } from './queue-types.ts';
export type {
  CallOptions,
  Executed,
  ExecutedRegional,
  ExecuteRegionalRequest,
  ExecuteRequest,
  RetryOptions,
  Revoked,
  RevokedMany,
  RevokeOptions,
  StreamOptions,
  TaskCaller,
  TaskHandle,
  TaskInfo,
  TaskJobs,
  TaskStream,
  TaskSummary,
} from './task-types.ts';
export { InvalidInput, validate, type FieldError } from './validate.ts';
