/** Schemas of the tasks of one's own, taken from their rows. Never imported by value in workflow code. */
import { z } from 'zod';
import type { OwnTask } from './vocabulary.ts';
import { ownTasks } from './tasks.ts';
import type { InputOf, OutputOf } from '../tasks/definition.ts';

type OwnRow = (typeof ownTasks)[keyof typeof ownTasks];

type SchemasByName = {
  readonly [Row in OwnRow as Row extends OwnTask<infer Name, infer _In, infer _Out> ? Name : never]: {
    readonly input: z.ZodType<InputOf<Row>>;
    readonly output: z.ZodType<OutputOf<Row>>;
  };
};

/** Input and output of each task of the domain. */
export const ownTaskSchemas = Object.fromEntries(
  Object.values<OwnTask<string, unknown, unknown>>(ownTasks).map((row) => [row.name, schemasOf(row)]),
) as SchemasByName; // The compiler cannot follow a mapping by name.

/** The schemas of a row. */
export function schemasOf<In, Out>({
  schemas: { input, output },
}: Pick<OwnTask<string, In, Out>, 'schemas'>): {
  readonly input: z.ZodType<In>;
  readonly output: z.ZodType<Out>;
} {
  return { input: input(z), output: output(z) };
}
