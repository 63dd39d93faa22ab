/** Failures that any domain may meet. */
import type { FailureRule } from './rule.ts';

export const generalFailures = {
  InvalidInput: {
    class: 'permanent',
    httpStatus: 400,
    cause: "The input does not match the task's contract.",
    remedy: 'Correct the field that the message names and start again.',
  },
  InvalidOutput: {
    class: 'permanent',
    httpStatus: 500,
    cause: 'A task returned something that does not match its contract.',
    remedy: 'This is a defect of the task: report it with the message.',
  },
  FileMissing: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'The file of the document is no longer where it was.',
    remedy: 'Put the file back, or upload the document again.',
  },
  PathNotAllowed: {
    class: 'permanent',
    httpStatus: 403,
    cause: 'The path, or what its links point to, lies outside the allowed folders.',
    remedy: 'Move the file, or add its folder to DOCUMENT_ROOTS.',
  },
  EmptyFile: {
    class: 'permanent',
    cause: 'The file has no content.',
    remedy: 'Supply the file again.',
  },
  BackendUnavailable: {
    class: 'transient',
    cause: 'A remote service could not be reached, or does not work at present.',
    remedy: 'Retried by itself. Check the service if it lasts.',
  },
  BackendTimeout: {
    class: 'transient',
    cause: 'A remote service did not answer in time.',
    remedy: 'Retried by itself. Check the service, or allow it more time, if it lasts.',
  },
  BackendFailed: {
    class: 'transient',
    cause: 'A remote service answered with an error of its own (HTTP 5xx).',
    remedy: 'Retried by itself. Check the service if it lasts.',
  },
  BackendThrottled: {
    class: 'throttled',
    cause: 'A remote service answered that it receives too many requests.',
    remedy: 'Retried after the time the service asked for. Lower the concurrency if it lasts.',
  },
  BackendRejected: {
    class: 'permanent',
    cause: 'A remote service refused the request or answered something unusable.',
    remedy: 'Check the key, the model name and the message of the service.',
  },
  DatabaseUnavailable: {
    class: 'transient',
    cause: 'PostgreSQL could not be reached, or ended the connection.',
    remedy: 'Retried by itself. Check the database if it lasts.',
  },
  StorageUnavailable: {
    class: 'transient',
    cause: 'The blob store could not be reached, or failed to read or write.',
    remedy: 'Retried by itself. Check the store if it lasts.',
  },
  StorageFull: {
    class: 'transient',
    httpStatus: 507,
    cause: 'The disk or store has no room left.',
    remedy: 'Free space; the work continues by itself.',
  },
  BlobCorrupt: {
    class: 'permanent',
    httpStatus: 500,
    cause: 'A stored object is missing, or does not match its recorded size or checksum.',
    remedy: 'Restore the object from a backup, or supply the input again.',
  },
  SealKeyMissing: {
    class: 'configuration',
    httpStatus: 500,
    cause: 'The process has no key to seal what must not stand in a history in plain text.',
    remedy: 'Set SEAL_KEYS, or pass `sealKeys` to connectPerennial: the keys that the workers have.',
  },
  SealedValueUnreadable: {
    class: 'configuration',
    httpStatus: 500,
    cause: 'A value was sealed with a key that the process does not have, for another field, or was changed since.',
    remedy: 'Add the key that the message names to SEAL_KEYS (PAYLOAD_KEYS for whole payloads) and start again.',
  },
  TimeLimit: {
    class: 'transient',
    cause: 'The task did not end within its soft time limit.',
    remedy: 'Retried by itself, from where it stopped. Raise the limit if it repeats.',
  },
  WorkerLost: {
    class: 'poison',
    cause: 'The worker died in every attempt at this task.',
    remedy: 'Look at the input: it may be what kills the workers. Check their memory limits.',
  },
  TemporaryError: {
    class: 'transient',
    cause: 'The body of a task says that another attempt may help.',
    remedy: 'Retried by itself. Read the message if it lasts.',
  },
  RetryableError: {
    class: 'transient',
    cause: 'The body of a task asks for another attempt after a while.',
    remedy: 'Retried after the time that it named. Read the message if it lasts.',
  },
  PermanentError: {
    class: 'permanent',
    cause: 'The body of a task says that no other attempt would help, or its attempts are used up.',
    remedy: 'Read the message; correct the input, or what the message names, and start again.',
  },
  Unexpected: {
    class: 'unknown',
    httpStatus: 500,
    cause: 'An error that no rule of this table foresees.',
    remedy: 'Retried by the policy of the task. Report it with its message.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
