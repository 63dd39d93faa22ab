/**
 * Schemas of any library that follows Standard Schema (standardschema.dev, version 1): zod, valibot, arktype and others.
 */
import { z } from 'zod';

/** A schema of any library, with what callers pass and what the body receives. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Checked<Output> | Promise<Checked<Output>>;
    /** Never read; it carries the types. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type Checked<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What callers pass to a schema. */
export type InputOfSchema<S extends StandardSchema> = NonNullable<S['~standard']['types']>['input'];

/** What a schema gives. */
export type OutputOfSchema<S extends StandardSchema> = NonNullable<S['~standard']['types']>['output'];

/** Tells whether a value is a schema of a library that follows Standard Schema. */
function isStandardSchema(value: unknown): value is StandardSchema {
  const standard = (value as { readonly '~standard'?: Partial<StandardSchema['~standard']> } | null)?.['~standard'];
  return standard?.version === 1 && typeof standard.validate === 'function';
}

/**
 * Makes the schema that the product checks with. One of its own version of zod stays as it is, so that its messages and its
 * JSON Schema are kept; any other is asked through Standard Schema.
 *
 * @param field - names the schema in the error
 * @throws TypeError the value is no schema
 */
export function toZod(schema: unknown, field: string): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  if (!isStandardSchema(schema))
    throw new TypeError(
      `${field}: expected a schema of zod, or of another library that follows Standard Schema, got ${typeof schema}`,
    );
  return z.unknown().transform((value, context) => {
    const checked = schema['~standard'].validate(value);
    if (checked instanceof Promise) {
      checked.catch(() => undefined); // nobody waits for it
      context.issues.push({ code: 'custom', message: 'expected a schema that checks at once', input: value });
      return z.NEVER;
    }
    if (checked.issues === undefined) return checked.value;
    for (const { message, path = [] } of checked.issues)
      context.issues.push({ code: 'custom', message, path: path.map(keyOf), input: value });
    return z.NEVER;
  });
}

function keyOf(step: PropertyKey | { readonly key: PropertyKey }): PropertyKey {
  return typeof step === 'object' ? step.key : step;
}
