/** Faults of pure checks as the errors of the client. */
import { InputFault } from '../../canvas/signature/fault.ts';
import { InvalidInput } from './validate.ts';

/**
 * Does a check whose fault is an error of the client.
 *
 * @throws InvalidInput with the path of the fault as its field; whatever else the check throws
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
