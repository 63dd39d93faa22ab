/** Definition of tasks for `contracts/own/tasks.ts`: a row of the catalogue and its schemas in one place, with defaults. */
import type { z } from 'zod';
import { fourTimes180s, standardLimits } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import type { TaskDefinition } from '../tasks/definition.ts';

/** The schema library that is passed to `input` and `output`. */
type Zod = typeof z;

/**
 * Schemas of input and output. They are functions, because workflow code loads the rows but not the schema library.
 */
export interface OwnSchemas<In, Out> {
  readonly input: (zod: Zod) => z.ZodType<In>;
  readonly output: (zod: Zod) => z.ZodType<Out>;
}

/** A row of the catalogue that contains its schemas. */
export interface OwnTask<Name extends string, In, Out> extends TaskDefinition<Name, In, Out> {
  readonly schemas: OwnSchemas<In, Out>;
}

/** Fields of a task: name, purpose and schemas are required, and the rest of the row has defaults. */
export type OwnTaskRow<Name extends string, In, Out> = OwnSchemas<In, Out> &
  Pick<TaskDefinition<Name, In, Out>, 'name' | 'purpose'> &
  Partial<Omit<TaskDefinition<Name, In, Out>, 'name' | 'purpose' | 'types'>>;

/**
 * Makes a row of `contracts/own/tasks.ts`. Defaults are the queue `documents.default`,
 * four attempts 180 s apart, a soft limit of 300 s and a hard limit of 600 s.
 */
export function ownTask<const Name extends `own.${string}`, In, Out>({
  input,
  output,
  ...row
}: OwnTaskRow<Name, In, Out>): OwnTask<Name, In, Out> {
  return {
    queue: queues.documentsDefault,
    retry: fourTimes180s,
    limits: standardLimits,
    ...row,
    schemas: { input, output },
  };
}
