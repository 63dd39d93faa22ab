/** Errors of commands: as a person reads them, or as problem details for programs. */
import { Conflict, InvalidInput, NotFound, Unavailable } from '../../client/index.ts';
import { failures, PerennialError } from '../../contracts/failures.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import type { FieldFault } from '../../contracts/values/field-faults.ts';
import { type CliContext, Refused, UsageError } from './context.ts';
import { coloured } from './colours.ts';
import { note, printable } from './output.ts';

/** What went wrong, as the HTTP API writes it (RFC 9457), without what only HTTP has. */
export interface Problem {
  /** `urn:perennial:failure:NAME` for a failure of the registry, else `about:blank`. */
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly failure?: { readonly type: string; readonly class: string; readonly remedy: string };
  /** Each field that is wrong. */
  readonly errors?: readonly FieldFault[];
}

/** Prints what went wrong and what to do, and returns the exit code. */
export function explain(error: unknown, context: CliContext): number {
  const reason = error instanceof Refused ? error.cause : error;
  if (context.form === 'table') explainToPerson(reason, context);
  else note(context, JSON.stringify(problemOf(reason)));
  return error instanceof Refused ? exitCodeOfRefusal(reason) : exitCodeOf(reason);
}

function explainToPerson(error: unknown, context: CliContext): void {
  const remedy = error instanceof PerennialError ? `\n${failures[error.type].remedy}` : '';
  note(context, `${coloured(context, 'stderr', 'red', 'perennial:')} ${printable(messageOf(error))}${remedy}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Makes the problem details of an error. */
export function problemOf(error: unknown): Problem {
  const detail = messageOf(error);
  if (error instanceof PerennialError) {
    const { class: kind, cause, remedy } = failures[error.type];
    return {
      type: `urn:perennial:failure:${error.type}`,
      title: cause,
      detail,
      failure: { type: error.type, class: kind, remedy },
      ...(error instanceof InvalidInput ? { errors: error.fields } : {}),
    };
  }
  const errors = error instanceof UsageError && error.fault !== undefined ? { errors: [error.fault] } : {};
  return { type: 'about:blank', title: titleOf(error), detail, ...errors };
}

function titleOf(error: unknown): string {
  if (error instanceof UsageError) return 'The command line is wrong.';
  if (error instanceof NotFound) return 'Nothing has this id.';
  if (error instanceof Conflict) return 'The id or key belongs to other content.';
  if (error instanceof Unavailable) return 'Perennial does not answer.';
  return 'The command failed.';
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof InvalidInput) return exitCodes.usage;
  if (isConflict(error)) return exitCodes.conflict;
  if (error instanceof Unavailable) return exitCodes.unavailable;
  // A transient failure, such as an unreachable database, may be gone when the command is repeated.
  if (error instanceof PerennialError && failures[error.type].class === 'transient') return exitCodes.unavailable;
  return exitCodes.failed;
}

/** Says whether the id, key or name is taken by something else. */
function isConflict(error: unknown): boolean {
  return error instanceof Conflict || (error instanceof PerennialError && error.type === 'ScheduleConflict');
}

/** Nothing was started: either what was asked for is wrong, or it may be accepted later, as by a queue that is drained now. */
function exitCodeOfRefusal(reason: unknown): number {
  if (isConflict(reason) || !(reason instanceof PerennialError)) return exitCodeOf(reason);
  return failures[reason.type].class === 'permanent' ? exitCodes.usage : exitCodes.unavailable;
}
