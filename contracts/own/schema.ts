/** Schemas of the tasks in `contracts/own/tasks.ts`, taken from their rows. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import type { OwnTask } from './vocabulary.ts';
import { ownTasks } from './tasks.ts';
import type { SchemasOf } from '../tasks/definition.ts';

/** Input and output of each task of the domain. */
export const ownTaskSchemas = schemasOf(ownTasks);

/** What the own domain contributes to the schemas. */
export const ownSchemas = {
  tasks: ownTaskSchemas,
} as const satisfies DomainSchemas;

/** Collects the schemas of rows that contain them, by the names of the tasks. */
export function schemasOf<const Rows extends Readonly<Record<string, OwnTask<string, unknown, unknown>>>>(
  rows: Rows,
): SchemasOf<Rows> {
  const schemas = Object.values<OwnTask<string, unknown, unknown>>(rows).map(
    ({ name, schemas: { input, output } }) => [name, { input: input(z), output: output(z) }] as const,
  );
  // Each row contributes its own schemas; the compiler cannot follow the mapping by name.
  return Object.fromEntries(schemas) as unknown as SchemasOf<Rows>;
}
