/** Validation of inputs before anything is started. */
import type { z } from 'zod';
import { PerennialError } from '../../contracts/failures.ts';
import { faultText, type FieldFault, fieldFaults } from '../../contracts/values/field-faults.ts';

/**
 * One fault of an input.
 *
 * @example
 * ```ts
 * import { type FieldError, InvalidInput } from './client/index.ts';
 *
 * const fields = (error: unknown): readonly FieldError[] => (error instanceof InvalidInput ? error.fields : []);
 * ```
 */
export type FieldError = FieldFault;

/**
 * An input does not match its schema, and nothing was started.
 *
 * @example
 * ```ts
 * import { InvalidInput } from './client/index.ts';
 *
 * try {
 *   await perennial.tasks.call('samples.add', { a: 'one' });
 * } catch (error) {
 *   if (error instanceof InvalidInput) for (const { field, expected } of error.fields) console.log(field, expected);
 * }
 * ```
 */
export class InvalidInput extends PerennialError {
  readonly fields: readonly FieldError[];

  constructor(fields: readonly FieldError[]) {
    super('InvalidInput', fields.map(faultText).join('; '));
    this.fields = fields;
  }
}

/**
 * Validates an input and returns it as its schema describes it.
 *
 * @param at - name of the input, used as a prefix of the field names
 * @throws InvalidInput with each wrong field, the expected and the actual value
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { validate } from './client/index.ts';
 *
 * const { name } = validate(z.object({ name: z.string() }), JSON.parse('{"name": "Ada"}'), 'body');
 * ```
 */
export function validate<S extends z.ZodType>(schema: S, input: unknown, at = ''): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(fieldFaults(parsed.error.issues, input, { at }));
}
