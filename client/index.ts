/** The client SDK: start jobs, watch them, fetch their results. */
export { connectPerennial, type ConnectOptions } from './connect.ts';
export type { ManifestStore } from './manifest.ts';
export type { BulkHandle, BulkStart, EmailJobs, EmailMessage, QueuedBulk, QueuedEmail } from './email-types.ts';
export { Ended, NotFound, Stopped, Unavailable } from './errors.ts';
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
export { InvalidInput, validate, type FieldError } from './validate.ts';
