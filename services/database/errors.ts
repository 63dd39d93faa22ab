/** Classifies errors of PostgreSQL: try again, wait for space, or give up. */
import { type FailureType, PerennialError } from '../../contracts/failures.ts';
import { codeFailureType } from '../../contracts/failures/foreign/codes.ts';
import { sqlStateFailureType } from '../../contracts/failures/foreign/sqlstate.ts';

/**
 * What an error of a statement or a connection means for the connection: it is of no use, the same transaction may succeed
 * now, a later one may, the disk is full, waiting does not help, or it is not known.
 */
export type DatabaseErrorKind = 'connection' | 'conflict' | 'busy' | 'full' | 'refused' | 'other';

/** A Unix socket whose server is not started yet. */
const NO_SOCKET = 'ENOENT';

/** Serialisation failure and deadlock: nothing was written. */
const CONFLICT = /^40/;

/** Locks of others, and a statement that took too long: the connection is as good as before. */
const BUSY = /^55|^57014$/;

// Messages that pg and pg-pool throw without a code when a connection ends or cannot be opened in time.
const CONNECTION_WORDS =
  /^Connection terminated|^Client has encountered a connection error|^timeout exceeded when trying to connect|^timeout expired|^Query read timeout|^Client was closed/;

/** Reads one text property of an unknown error. */
function textOf(error: unknown, property: string): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' ? value : '';
}

/**
 * Returns the first of several errors, because Node wraps the refusals of all addresses of a host in one error without
 * a message.
 */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

/** Classifies an error of `pg`; an unknown one is `other`. */
export function databaseErrorKind(error: unknown): DatabaseErrorKind {
  const found = firstOf(error);
  const code = textOf(found, 'code');
  if (code === '') return CONNECTION_WORDS.test(textOf(found, 'message')) ? 'connection' : 'other';
  switch (failureOf(code)) {
    case 'BackendUnavailable':
    case 'BackendTimeout':
      return 'connection';
    case 'DatabaseUnavailable':
      if (CONFLICT.test(code)) return 'conflict';
      return BUSY.test(code) ? 'busy' : 'connection';
    case 'StorageFull':
      return 'full';
    case 'DatabaseRefused':
      return 'refused';
    default:
      return code === NO_SOCKET ? 'connection' : 'other';
  }
}

function failureOf(code: string): FailureType | undefined {
  return sqlStateFailureType(code) ?? codeFailureType(code);
}

/** Describes an error in a few words, without quoting stored values at length. */
export function describeDatabaseError(error: unknown): string {
  const found = firstOf(error);
  const code = textOf(found, 'code');
  // PostgreSQL quotes the refused value, and a page of a document must not reach a log.
  const message = textOf(found, 'message')
    .replace(/"[^"]*"/g, (quoted) => (quoted.length > 80 ? '"…"' : quoted))
    .slice(0, 300);
  const where = [textOf(found, 'table'), textOf(found, 'constraint')].filter((part) => part !== '').join(', ');
  return [message === '' ? 'no message' : message, code === '' ? '' : `[${code}]`, where === '' ? '' : `(${where})`]
    .filter((part) => part !== '')
    .join(' ');
}

/**
 * Maps an error of `pg` to a failure of the registry. The original is not kept as `cause`, because its `detail` holds
 * row contents and loggers print causes.
 */
export function toPerennialError(error: unknown, server: string, waitedMs: number): unknown {
  if (error instanceof PerennialError || !isDatabaseError(error)) return error;
  const found = describeDatabaseError(error);
  const waited = waitedMs > 0 ? ` for ${String(Math.round(waitedMs / 1000))} s` : '';
  switch (databaseErrorKind(error)) {
    case 'connection':
    case 'conflict':
    case 'busy':
      return new PerennialError(
        'DatabaseUnavailable',
        `Expected PostgreSQL at ${server} to answer${waited}, got: ${found}. Check that it runs and can be reached.`,
      );
    case 'refused':
      return new PerennialError(
        'DatabaseRefused',
        `Expected PostgreSQL at ${server} to allow this, got: ${found}. Check user, password, database and rights of DATABASE_URL, and that its tables are of this version.`,
      );
    case 'full':
      return new PerennialError(
        'StorageFull',
        `Expected room on the disk of PostgreSQL at ${server}, found: ${found}. Free space.`,
      );
    case 'other':
      return new PerennialError(
        failureOf(textOf(firstOf(error), 'code')) ?? 'Unexpected',
        `Expected PostgreSQL at ${server} to accept a statement, got: ${found}. Report this as a bug.`,
      );
  }
}

/**
 * Tells errors of pg from the caller's own: they carry a SQLSTATE (which contains a digit, unlike EBUSY and similar
 * codes), a system code, or one of pg's own messages.
 */
function isDatabaseError(error: unknown): boolean {
  const code = textOf(firstOf(error), 'code');
  return /^(?=.*[0-9])[0-9A-Z]{5}$/.test(code) || databaseErrorKind(error) !== 'other';
}
