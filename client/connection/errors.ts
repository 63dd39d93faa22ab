/** Errors between a caller and a job; failures of the job itself are a `PerennialError`. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  isGrpcServiceError,
  ScheduleNotFoundError,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { ExternalStorageNotConfiguredError } from '@temporalio/common';
import { isFailureType, PerennialError } from '../../contracts/failures.ts';

/**
 * No job has this id. It is not reported as pending, because a mistyped id must not look like waiting work.
 *
 * @example
 * ```ts
 * import { NotFound } from './client/index.ts';
 *
 * try {
 *   await perennial.canvas.progress('mistyped');
 * } catch (error) {
 *   if (error instanceof NotFound) console.log(error.id);
 * }
 * ```
 */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  readonly id: string;

  constructor(id: string, what = 'job', hint = '') {
    super(`No ${what} with the id '${id}' is known${hint}.`);
    this.id = id;
  }
}

/**
 * The Temporal server or every worker did not answer in time. A later retry may help.
 *
 * @example
 * ```ts
 * import { Unavailable } from './client/index.ts';
 *
 * try {
 *   await perennial.ping();
 * } catch (error) {
 *   if (error instanceof Unavailable) console.log('Try again later.');
 * }
 * ```
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/**
 * The client was closed before or during a request. The job itself continues.
 *
 * @example
 * ```ts
 * import { Closed } from './client/index.ts';
 *
 * const waiting = perennial.documents.getBatch('invoices').result();
 * await perennial.close();
 * await waiting.catch((error) => console.log(error instanceof Closed));
 * ```
 */
export class Closed extends Error {
  override readonly name = 'Closed';

  constructor() {
    super('The client was closed. Connect another one and ask again: what was started goes on.');
  }
}

/**
 * The job was cancelled, terminated or timed out, so it has no result.
 *
 * @example
 * ```ts
 * import { Stopped } from './client/index.ts';
 *
 * try {
 *   await perennial.documents.getBatch('invoices').result();
 * } catch (error) {
 *   if (error instanceof Stopped && error.how === 'cancelled') await perennial.documents.resumeBatch('invoices');
 * }
 * ```
 */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly how: 'cancelled' | 'terminated' | 'timed-out';

  constructor(id: string, how: Stopped['how']) {
    super(`The job '${id}' was ${how}.`);
    this.how = how;
  }
}

/**
 * The job has ended and accepts no messages.
 *
 * @example
 * ```ts
 * import { Ended } from './client/index.ts';
 *
 * try {
 *   await perennial.documents.getBatch('invoices').pause();
 * } catch (error) {
 *   if (!(error instanceof Ended)) throw error;
 *   console.log('There is nothing left to pause.');
 * }
 * ```
 */
export class Ended extends Error {
  override readonly name = 'Ended';

  constructor(id: string, status: string) {
    super(`The job '${id}' has ended already (${status}).`);
  }
}

/**
 * The id or key belongs to a job with other content, and nothing was started. Repeat the first content, or choose another
 * id. Fingerprints do not reveal the contents.
 *
 * @example
 * ```ts
 * import { Conflict } from './client/index.ts';
 *
 * try {
 *   await perennial.documents.batchOcr({ paths: ['/srv/scans'] }, { id: 'invoices' });
 * } catch (error) {
 *   if (error instanceof Conflict) console.log(error.id, error.first, error.second);
 * }
 * ```
 */
export class Conflict extends Error {
  override readonly name = 'Conflict';
  readonly id: string;
  /** Fingerprint of the content that the id belongs to; `unknown` when Perennial did not start the job. */
  readonly first: string;
  /** Fingerprint of the content of this call. */
  readonly second: string;

  constructor(id: string, first = 'unknown', second = 'unknown') {
    super(
      `The id '${id}' belongs to other content: expected the content with the fingerprint ${first}, got ${second}. ` +
        'Repeat the first content, or choose another id or key.',
    );
    this.id = id;
    this.first = first;
    this.second = second;
  }
}

/** gRPC status codes that mean "try again later", with an explanation for people. */
const unavailableCodes: ReadonlyMap<number, string> = new Map([
  [1, 'the call was given up'],
  [4, 'no answer within the time limit'],
  [8, 'the server is overloaded'],
  [9, 'no worker is running for this job'],
  [14, 'the server cannot be reached'],
]);

/** Returns the remedy for a run whose workflow task fails. */
export function stuckRemedy(id: string): string {
  return (
    `see the cause with: temporal workflow show --workflow-id '${id}'; once it is mended the run goes on by itself. ` +
    `To go back: temporal workflow reset --workflow-id '${id}' --type LastWorkflowTask --reason 'stuck', ` +
    'with --reapply-exclude Signal where a wrong signal is the cause'
  );
}

/** The server's message for a query of a run that cannot be replayed; a run without workers gets another message. */
const FAILED_STATE = /workflow task in failed state/i;

/** gRPC status codes that mean that the API key is refused. */
const refusedCodes: ReadonlySet<number> = new Set([7, 16]);

/** Converts an error of the Temporal client to one of the errors of this file. */
export function translateError(error: unknown, id: string, address: string): Error {
  if (error instanceof WorkflowNotFoundError) return new NotFound(id);
  if (error instanceof ScheduleNotFoundError) return new NotFound(id, 'schedule');
  if (error instanceof WorkflowFailedError) return fromFailure(error.cause, id);
  if (error instanceof ExternalStorageNotConfiguredError) return withoutStore(error, id);
  const known = fromGrpc(error, id, address);
  if (known !== undefined) return known;
  return error instanceof Error ? error : new Error(String(error));
}

function withoutStore(error: Error, id: string): Error {
  const expected = `expected the blob store that holds what '${id}' was given or gives`;
  return new PerennialError('InvalidInput', `blobs: ${expected}, got none; pass \`blobs\` to connectPerennial`, {
    cause: error,
  });
}

/** Converts a gRPC error by its status code. */
function fromGrpc(error: unknown, id: string, address: string): Error | undefined {
  const code = grpcCode(error);
  if (code === undefined) return undefined;
  if (code === 9 && FAILED_STATE.test(messagesOf(error)))
    return new Unavailable(`The job '${id}' is stuck: its workflow task fails; ${stuckRemedy(id)}.`, error);
  const why = unavailableCodes.get(code);
  if (why !== undefined) return new Unavailable(`Temporal at ${address}: ${why}.`, error);
  if (code === 5) return new NotFound(id);
  return refusedCodes.has(code)
    ? new Unavailable(`Temporal at ${address} refuses this API key or certificate.`, error)
    : undefined;
}

function messagesOf(error: unknown): string {
  const messages: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) messages.push(at.message);
  return messages.join('\n');
}

/** Tells whether a request was given up because no answer came in time. */
export function isOutOfTime(error: unknown): boolean {
  return grpcCode(error) === 4;
}

function grpcCode(error: unknown): number | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return at.code;
  }
  return undefined;
}

/** Says whether the server lacks a method, as servers for tests do. */
export function isUnimplemented(error: unknown): boolean {
  return grpcCode(error) === 12;
}

/** Says whether the server refused a query because a search attribute of it is not registered. */
export function isUnknownAttribute(error: unknown): boolean {
  return grpcCode(error) === 3 && /search attribute|column name/i.test(messagesOf(error));
}

/** Converts the innermost failure, which says what happened; the outer ones only say where. */
function fromFailure(failure: unknown, id: string): Error {
  if (failure instanceof CancelledFailure) return new Stopped(id, 'cancelled');
  if (failure instanceof TerminatedFailure) return new Stopped(id, 'terminated');
  if ((failure instanceof ActivityFailure || failure instanceof ChildWorkflowFailure) && failure.cause)
    return fromFailure(failure.cause, id);
  if (failure instanceof TimeoutFailure) return new Stopped(id, 'timed-out');
  if (failure instanceof ApplicationFailure) {
    const type = isFailureType(failure.type) ? failure.type : 'Unexpected';
    return new PerennialError(type, failure.message, { cause: failure });
  }
  return new PerennialError(
    'Unexpected',
    failure instanceof Error ? failure.message : 'The job failed without a reason.',
    { cause: failure },
  );
}
