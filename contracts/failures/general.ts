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
    cause: 'A file is not where it was, or should be.',
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
  BackendAuthFailed: {
    class: 'configuration',
    cause: 'A remote service refused the key or password, or the right to do this.',
    remedy: 'Correct the key or the rights of the account that the message names.',
  },
  BackendUntrusted: {
    class: 'configuration',
    cause: 'No trusted encrypted connection to a remote service could be made.',
    remedy: 'Check the certificate of the service, and the certificates that this machine trusts.',
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
  DatabaseRefused: {
    class: 'configuration',
    cause: 'PostgreSQL refused the login, or lacks a table, a column or a right.',
    remedy: 'Check user and password, and that the schema fits the version of the code.',
  },
  DatabaseRejected: {
    class: 'permanent',
    httpStatus: 500,
    cause: 'PostgreSQL refused a value or a statement.',
    remedy: 'Correct the input, or report the statement as a defect of the task.',
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
  SystemBusy: {
    class: 'transient',
    cause: 'The machine has no free memory, files or ports at present, or a file is in use.',
    remedy: 'Retried by itself. Lower the concurrency, or raise the limits of the process, if it lasts.',
  },
  SystemRefused: {
    class: 'configuration',
    cause: 'The operating system refused the worker a file, a folder or a call.',
    remedy: 'Check the rights of the user that the worker runs as.',
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
  HardTimeLimit: {
    class: 'transient',
    cause: 'The task did not end within its hard time limit; the server gave up every attempt.',
    remedy: 'Raise the limit, or make the task heed its signal, which the soft limit aborts before.',
  },
  OutOfMemory: {
    class: 'poison',
    cause: 'The work took more memory than a process, thread or value may have.',
    remedy: 'Look at the input: it may be too large. Split it, or raise the memory limit.',
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
