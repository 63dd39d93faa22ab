/** Converts faults of pure checks to errors of the client. */
import { InputFault } from '../../canvas/signature/fault.ts';
import type { Turns } from '../../contracts/values/turns.ts';
import { InvalidInput } from './validate.ts';

/**
 * Runs a check and converts its fault.
 *
 * @throws InvalidInput with the path of the fault as its field; other errors of the check are passed on
 */
export function withFields<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw fieldsOf(error);
  }
}

/** As {@link withFields}, of a check in turns. */
export function* withFieldsInTurns<T>(check: Turns<T>): Turns<T> {
  try {
    return yield* check;
  } catch (error) {
    throw fieldsOf(error);
  }
}

function fieldsOf(error: unknown): unknown {
  if (!(error instanceof InputFault)) return error;
  const { path: field, expected, got } = error;
  return new InvalidInput([{ field, expected, got }]);
}
