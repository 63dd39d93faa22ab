/** What a task of one's own is: a row of the catalogue and its schemas in one place, with what most tasks have left out. */
import type { z } from 'zod';
import { fourTimes180s, standardLimits } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import type { TaskDefinition } from '../tasks/definition.ts';

/** The library of schemas, as a schema is given it. */
type Zod = typeof z;

/**
 * How input and output are checked. Functions, because the rows reach workflow
 * code, where the library of schemas is not loaded: they are called outside.
 */
export interface OwnSchemas<In, Out> {
  readonly input: (zod: Zod) => z.ZodType<In>;
  readonly output: (zod: Zod) => z.ZodType<Out>;
}

/** A row of the catalogue that brings its schemas along. */
export interface OwnTask<Name extends string, In, Out> extends TaskDefinition<Name, In, Out> {
  readonly schemas: OwnSchemas<In, Out>;
}

/** What one has to say of a task of one's own; the rest of its row may be said. */
export type OwnTaskRow<Name extends string, In, Out> = OwnSchemas<In, Out> &
  Pick<TaskDefinition<Name, In, Out>, 'name' | 'purpose'> &
  Partial<Omit<TaskDefinition<Name, In, Out>, 'name' | 'purpose' | 'types'>>;

/**
 * Makes a row of `contracts/own/tasks.ts`. What is left out: the queue `documents.default`,
 * four attempts 180 s apart (RETRY-7), soft limit 300 s and hard limit 600 s (TIME-1).
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
