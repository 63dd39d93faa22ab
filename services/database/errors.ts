/** Classifies errors of PostgreSQL: try again, wait for space, or give up. */
import { PerennialError } from '../../contracts/failures.ts';

/** The class of an error of a statement or a connection. */
export type DatabaseErrorKind = 'connection' | 'conflict' | 'full' | 'refused' | 'other';

const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // a Unix socket whose server is not started yet
]);

/**
 * SQLSTATEs after which another connection may succeed: shutdown, crash, start-up, too many clients, failover, out of
 * memory.
 */
const CONNECTION_STATES = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '53200', '25006', '25P03']);

/** Serialisation failure and deadlock: nothing was written, and the same transaction may succeed now. */
const CONFLICT_STATES = new Set(['40001', '40P01']);

/** Wrong password, unknown role or database: waiting does not help. */
const REFUSED_STATES = new Set(['28000', '28P01', '3D000', '42501']);

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
  if (SOCKET_CODES.has(code) || CONNECTION_STATES.has(code) || code.startsWith('08')) return 'connection';
  if (CONFLICT_STATES.has(code)) return 'conflict';
  if (code === '53100') return 'full';
  return REFUSED_STATES.has(code) ? 'refused' : 'other';
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
      return new PerennialError(
        'DatabaseUnavailable',
        `Expected PostgreSQL at ${server} to answer${waited}, got: ${found}. Check that it runs and can be reached.`,
      );
    case 'refused':
      return new PerennialError(
        'DatabaseUnavailable',
        `Expected PostgreSQL at ${server} to accept the login, got: ${found}. Check user, password and database of DATABASE_URL.`,
      );
    case 'full':
      return new PerennialError(
        'StorageFull',
        `Expected room on the disk of PostgreSQL at ${server}, found: ${found}. Free space.`,
      );
    case 'other':
      return new PerennialError(
        'Unexpected',
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
