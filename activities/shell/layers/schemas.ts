import { setImmediate } from 'node:timers/promises';
import type { z } from 'zod';
import { PerennialError } from '../../../contracts/failures.ts';
import { type FieldFault, faultText, fieldFaults } from '../../../contracts/values/field-faults.ts';
import { changedFault } from '../../../contracts/values/json/reading.ts';
import { measure } from '../../../contracts/values/json/size.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';
import { MAX_CALL_DEPTH, MAX_RESULT_BYTES } from '../../../contracts/tasks/calls.ts';
import type { TaskSchemas } from '../../../contracts/tasks/definition.ts';
import type { Layer } from '../layer.ts';

/**
 * Checks input and output. Output is also checked for its size, before its schema looks at it, and for values that would
 * reach nobody as they are: lone surrogates and integers beyond 2^53. It is the innermost layer, so that only the body runs between both checks.
 * @throws PerennialError `InvalidInput`, `InvalidOutput` with field and expectation
 */
export function schemaChecks<In, Out>({ input, output }: TaskSchemas<In, Out>): Layer {
  return async (call, next) => {
    const { name } = call.task;
    const given = check(input, call.input, 'InvalidInput', name);
    const returned = await next({ ...call, input: given });
    const measured = measure(returned, 'result', LIMITS);
    if (measured.fault) throw invalidOutput(name, measured.fault, '; store large content and return a reference to it');
    if (measured.bytes > LARGE_BYTES) await setImmediate();
    const result = check(output, returned, 'InvalidOutput', name);
    const fault = changedFault(result, 'result');
    if (fault !== undefined) throw invalidOutput(name, fault);
    if (measured.bytes > LARGE_BYTES) await setImmediate();
    return result;
  };
}

/** Size of a result whose checks and writing are a turn of the event loop each, in bytes. */
const LARGE_BYTES = BYTES_PER_MB;

const LIMITS = { bytes: MAX_RESULT_BYTES, depth: MAX_CALL_DEPTH };

function invalidOutput(task: string, fault: FieldFault, remedy = ''): PerennialError {
  return new PerennialError('InvalidOutput', `${task}: ${faultText(fault)}${remedy}`);
}

function check<T>(schema: z.ZodType<T>, value: unknown, type: 'InvalidInput' | 'InvalidOutput', task: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Messages hold no values, because others may read the history of the workflow.
  const faults = fieldFaults(result.error.issues, value, { hideValues: true });
  throw new PerennialError(type, `${task}: ${faults.slice(0, 10).map(faultText).join('; ')}`);
}
