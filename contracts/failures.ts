/**
 * The one registry of failure types: what went wrong, whether trying again can
 * help, and what a person should do. Every error that leaves a service, an
 * activity or a workflow carries one of these names, `docs/failures.md` is
 * generated from this table, and retry decisions read `class` alone.
 */

/**
 * How a failure is treated.
 *
 * - `transient`: the same call may succeed later; retried by the task's policy.
 * - `throttled`: the other side asked to wait; retried after its own delay.
 * - `permanent`: the input is at fault; never retried.
 * - `poison`: the input harms whoever touches it (kills, hangs, explodes); never retried.
 * - `configuration`: the installation is at fault; never retried by itself, redrive after mending.
 */
export type FailureClass = 'transient' | 'throttled' | 'permanent' | 'poison' | 'configuration';

/** One row of the registry. */
export interface FailureRule {
  readonly class: FailureClass;
  /** What happened, in the words of `docs/failures.md`. */
  readonly cause: string;
  /** What a person should do about it. */
  readonly remedy: string;
}

export const failures = {
  InvalidInput: {
    class: 'permanent',
    cause: "The input does not match the task's contract.",
    remedy: 'Correct the field that the message names and start again.',
  },
  InvalidOutput: {
    class: 'permanent',
    cause: 'A task returned something that does not match its contract.',
    remedy: 'This is a defect of the task: report it with the message.',
  },
  EmptyBatch: {
    class: 'permanent',
    cause: 'A batch was started without a single document.',
    remedy: 'Name at least one document, file or folder that holds documents.',
  },
  DuplicateDocument: {
    class: 'permanent',
    cause: 'The same document was named more than once in one batch.',
    remedy: 'Nothing: the first mention was read. Remove the repetition to silence this.',
  },
  DocumentNotFound: {
    class: 'permanent',
    cause: 'No document with this id exists.',
    remedy: 'Check the id, or upload the document first.',
  },
  DocumentNotRead: {
    class: 'permanent',
    cause: 'The document has no recognised text yet.',
    remedy: 'Run processDocumentOcr on it first.',
  },
  FileMissing: {
    class: 'permanent',
    cause: 'The file of the document is no longer where it was.',
    remedy: 'Put the file back, or upload the document again.',
  },
  PathNotAllowed: {
    class: 'permanent',
    cause: 'The path, or what its links point to, lies outside the allowed folders.',
    remedy: 'Move the file, or add its folder to DOCUMENT_ROOTS.',
  },
  EmptyFile: {
    class: 'permanent',
    cause: 'The file has no content.',
    remedy: 'Supply the file again.',
  },
  UnsupportedMedia: {
    class: 'permanent',
    cause: 'The content is not an image or PDF that can be read.',
    remedy: 'Convert it to PDF, TIFF, PNG, JPEG, WebP or GIF.',
  },
  CorruptDocument: {
    class: 'permanent',
    cause: 'The file is damaged or truncated, or has no pages.',
    remedy: 'Supply an undamaged copy.',
  },
  EncryptedDocument: {
    class: 'permanent',
    cause: 'The PDF is protected by a password.',
    remedy: 'Supply a copy without a password.',
  },
  DocumentTooLarge: {
    class: 'permanent',
    cause: 'The file, its page count or the pixels of a page exceed the limits.',
    remedy: 'Split or shrink the document, or raise the limit that the message names.',
  },
  PageTimeLimit: {
    class: 'poison',
    cause: 'Reading one page took longer than allowed; the process that read it was killed.',
    remedy: 'Look at the page; raise OCR_PAGE_TIMEOUT_MS if it is legitimate.',
  },
  PageMemoryLimit: {
    class: 'poison',
    cause: 'Reading one page took more memory than allowed; the process that read it was killed.',
    remedy: 'Look at the page; raise OCR_PAGE_MEMORY_MB if it is legitimate.',
  },
  ReaderCrashed: {
    class: 'transient',
    cause: 'The process that read a page died.',
    remedy: 'Retried by itself. If it repeats for one document, look at that document.',
  },
  LanguageDataMissing: {
    class: 'configuration',
    cause: 'The recognition data of the language is not installed.',
    remedy: 'Install the language data that the message names, or choose another language.',
  },
  BackendNotConfigured: {
    class: 'configuration',
    cause: 'The chosen recognition backend has no address.',
    remedy: 'Set DEEPSEEK_URL, and DEEPSEEK_API_KEY where the service needs one, or choose the tesseract backend.',
  },
  BackendUnavailable: {
    class: 'transient',
    cause: 'A remote service could not be reached, timed out or answered with a server error.',
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
    cause: 'The disk or store has no room left.',
    remedy: 'Free space; the work goes on by itself.',
  },
  BlobCorrupt: {
    class: 'permanent',
    cause: 'A stored object is missing, or does not match its recorded size or checksum.',
    remedy: 'Restore the object from a backup, or supply the input again.',
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
  Unexpected: {
    class: 'transient',
    cause: 'An error that no rule of this table foresees.',
    remedy: 'Retried by the policy of the task. Report it with its message.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;

/** The name of a failure, as it stands in `ApplicationFailure.type`, in rows and in API answers. */
export type FailureType = keyof typeof failures;

/** A failure as plain data: what rows, results and API answers carry. */
export interface FailureRecord {
  readonly type: FailureType;
  readonly class: FailureClass;
  /** For a person: expected, found, what to do. Never holds document contents. */
  readonly message: string;
}

/** Says whether a string names a failure of the registry. */
export function isFailureType(value: unknown): value is FailureType {
  return typeof value === 'string' && Object.hasOwn(failures, value);
}

/** Turns a type and a message into the plain record that rows and results carry. */
export function failureRecord(type: FailureType, message: string): FailureRecord {
  return { type, class: failures[type].class, message };
}

/**
 * The error that services throw when they know what went wrong. The activity
 * shell maps it to an `ApplicationFailure` of the same type, so that services
 * never import Temporal.
 */
export class PerennialError extends Error {
  override readonly name = 'PerennialError';
  readonly type: FailureType;
  /** How long the other side asked to wait, in milliseconds; only for throttled failures. */
  readonly retryAfterMs: number | undefined;

  constructor(type: FailureType, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.type = type;
    this.retryAfterMs = options.retryAfterMs;
  }
}
