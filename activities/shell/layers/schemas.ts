import type { z } from 'zod';
import { PerennialError } from '../../../contracts/failures.ts';
import { faultText, fieldFaults } from '../../../contracts/values/field-faults.ts';
import { changedFault } from '../../../contracts/values/json/reading.ts';
import type { TaskSchemas } from '../../../contracts/tasks/definition.ts';
import type { Layer } from '../layer.ts';

/**
 * Checks input and output. Output is also checked for values that would reach nobody as they are: lone surrogates and
 * integers beyond 2^53. It is the innermost layer, so that only the body runs between both checks.
 * @throws PerennialError `InvalidInput`, `InvalidOutput` with field and expectation
 */
export function schemaChecks<In, Out>({ input, output }: TaskSchemas<In, Out>): Layer {
  return async (call, next) => {
    const { name } = call.task;
    const given = check(input, call.input, 'InvalidInput', name);
    const result = check(output, await next({ ...call, input: given }), 'InvalidOutput', name);
    const fault = changedFault(result, 'result');
    if (fault !== undefined) throw new PerennialError('InvalidOutput', `${name}: ${faultText(fault)}`);
    return result;
  };
}

function check<T>(schema: z.ZodType<T>, value: unknown, type: 'InvalidInput' | 'InvalidOutput', task: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Messages hold no values, because others may read the history of the workflow.
  const faults = fieldFaults(result.error.issues, value, { hideValues: true });
  throw new PerennialError(type, `${task}: ${faults.slice(0, 10).map(faultText).join('; ')}`);
}
