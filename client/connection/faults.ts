/** Converts faults of pure checks to errors of the client. */
import { InputFault } from '../../canvas/signature/fault.ts';
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
    if (!(error instanceof InputFault)) throw error;
    const { path: field, expected, got } = error;
    throw new InvalidInput([{ field, expected, got }]);
  }
}
