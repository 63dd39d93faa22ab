/** Names and examples of the shapes in the OpenAPI document, from which generated clients make types that read well. */
import { z } from 'zod';
import { failures } from '../../contracts/failures.ts';
import { failureSchema } from '../../contracts/failures/schema.ts';
import { blobRefSchema } from '../../contracts/values/blobs.schema.ts';
import { problemSchema } from './problem.ts';
import { startedSchema } from './schemas.ts';

/** A shape that has a name in the OpenAPI document; wherever it occurs, the document refers to it. */
export interface Component {
  readonly schema: z.ZodType;
  /** A value of the shape. @defaultValue derived from the shape: the first value of an enumeration, the parts of a page */
  readonly example?: unknown;
}

/** Components by their names, which are types of generated clients: in Pascal case and never changed. */
export type Components = Readonly<Record<string, Component>>;

/** Names a shape and gives an example of it. */
export function component<Schema extends z.ZodType>(schema: Schema, example?: z.input<Schema>): Component {
  return example === undefined ? { schema } : { schema, example };
}

/** Shapes that routes of several domains share. */
export const sharedComponents: Components = {
  BlobReference: component(blobRefSchema, {
    store: 'file',
    key: 'documents/4c/4c8b1f',
    size: 48_213,
    sha256: '4c8b1f0e'.repeat(8),
  }),
  Failure: component(failureSchema, {
    type: 'FileMissing',
    class: 'permanent',
    message: "Expected a file at '/data/scans/7.pdf', found none.",
  }),
  FailureType: component(failureSchema.shape.type),
  FailureClass: component(failureSchema.shape.class),
  Problem: component(problemSchema, {
    type: 'urn:perennial:failure:InvalidInput',
    title: failures.InvalidInput.cause,
    status: 400,
    detail: 'text: expected text, got 7',
    requestId: '5b1f0c2e-4a53-4f6e-9d0a-0b8f7d3a1c11',
    failure: { type: 'InvalidInput', class: 'permanent', remedy: failures.InvalidInput.remedy },
    errors: [{ field: 'text', expected: 'text', got: '7' }],
  }),
  JsonObject: component(z.record(z.string(), z.unknown()), { dryRun: true }),
  Started: component(startedSchema, { id: 'batch-2026-01-31' }),
};
