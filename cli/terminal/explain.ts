/** Errors of commands, as a person reads them. */
import { Conflict, InvalidInput, Unavailable } from '../../client/index.ts';
import { failures, PerennialError } from '../../contracts/failures.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { type CliContext, UsageError } from './context.ts';
import { note, printable } from './output.ts';

/** Prints what went wrong and what to do, and returns the exit code. */
export function explain(error: unknown, context: CliContext): number {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof PerennialError ? `\n${failures[error.type].remedy}` : '';
  note(context, `perennial: ${printable(message)}${remedy}`);
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof InvalidInput) return exitCodes.usage;
  if (error instanceof Conflict) return exitCodes.conflict;
  if (error instanceof Unavailable) return exitCodes.unavailable;
  // A transient failure, such as an unreachable database, may be gone when the command is repeated.
  if (error instanceof PerennialError && failures[error.type].class === 'transient') return exitCodes.unavailable;
  return exitCodes.failed;
}
