/** The client SDK: start jobs, watch them, fetch their results. */
export { connectPerennial, type ConnectOptions } from './connect.ts';
export type { AuditDifference, AuditJobs, AuditOptions, AuditRecords, AuditReport } from './audit/types.ts';
export type { CodecJobs, JsonPayload } from './codec/types.ts';
export type { Decider } from './canvas/approvals.ts';
export type { CanvasJobs, CanvasStart, CanvasStarter, CanvasView, RevokedCalls } from './canvas/types.ts';
export type {
  DeadCause,
  DeadLetter,
  DeadLetterDetails,
  DeadLetterEvent,
  DeadLetterFilter,
  DeadLetterJobs,
  DeadLetterPage,
  DeadLetterRecords,
  DryRunOptions,
  Redrive,
  RedriveAllOptions,
  RedriveHandle,
  Redriven,
  RedriveOptions,
  RedrivePage,
  RedrivePlan,
} from './dlq/types.ts';
export type { HousekeepingInput, HousekeepingJobs, HousekeepingResult } from './housekeeping/types.ts';
export type { ManifestStore } from './domain.ts';
export type { PayloadStore } from '../payloads/converter.ts';
export { createKeyRing, type KeyRing } from '../payloads/key-ring.ts';
export { openBytes, type OpenedBytes, sealBytes } from '../payloads/sealed-bytes.ts';
export { inTurns } from '../payloads/turns.ts';
export type {
  ExportOptions,
  ImportHandle,
  ImportJobs,
  ImportPaging,
  ImportRecords,
  ImportRun,
} from './imports/types.ts';
export type {
  BreakerChange,
  BreakerControls,
  BreakerEvent,
  BreakerRecords,
  BreakerState,
  BreakerView,
} from './breakers/types.ts';
export type { BulkHandle, BulkStart, EmailJobs, EmailMessage, QueuedBulk, QueuedEmail } from './email/types.ts';
export type { MediaJobs, VariantsRequest, VideoRequest } from './media/types.ts';
export type { MessageJobs, TextMessage } from './messages/types.ts';
export type { ExportStart, ReportJobs, ReportResult } from './reports/types.ts';
export { Closed, Conflict, Ended, NotFound, Stopped, Unavailable } from './connection/errors.ts';
export { fingerprintInTurns } from './connection/fingerprint.ts';
export {
  batchStanding,
  bulkStanding,
  lookAtJob,
  type BatchRows,
  type BatchStatus,
  type BulkLedger,
  type BulkStatus,
} from './connection/standing.ts';
export { scheduleEntries } from '../schedules/entries.ts';
export { describeTiming } from '../schedules/timing.ts';
export type {
  BackfillReport,
  NextOptions,
  Occurrence,
  PreviewOptions,
  ScheduleChange,
  ScheduleCounts,
  ScheduleDifference,
  ScheduleJobs,
  ScheduleView,
  SyncReport,
} from './schedules/types.ts';
export type { PerennialClient } from './types.ts';
export type { QueueChange, QueueControls, QueueState, QueueView } from './queues/types.ts';
export type { DataJobs, DataOptions } from './data/types.ts';
export type { CallOptions } from './tasks/call-options.ts';
export { NotExternal } from './tasks/external.ts';
export type {
  RetryOptions,
  CallStreamOptions,
  ListOptions,
  TaskCaller,
  TaskHandle,
  TaskInfo,
  TaskJobs,
  TaskPage,
  TaskPageOptions,
  CallStream,
  TaskSummary,
} from './tasks/types.ts';
export type { ParkedDecided, ParkedDecider, ParkedJobs, ParkedPage, ParkedRun } from './parked/types.ts';
export { InvalidInput, validate, type FieldError } from './connection/validate.ts';
export type { FollowOptions, JobHandle, JobName, JobStatus, WaitOptions } from './connection/jobs.ts';
export type { BatchHandle, BatchStart, DocumentJobs, ProcessOptions, QueuedDocuments } from './documents/types.ts';
export type { Executed, ExecuteRequest, Revoked, RevokedMany, RevokeOptions } from './tasks/requests.ts';
