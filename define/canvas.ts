/** Canvases of an application, by name. */
import type { TypedSignature } from '../canvas/build/typed.ts';
import { CANVAS_KIND, isNamedCanvas, type NamedCanvas } from '../contracts/canvas/named.ts';
import { type InputOfSchema, type OutputOfSchema, type StandardSchema, toZod } from './standard-schema.ts';

/** A canvas that a module of an application exports. */
export interface DefinedCanvas<Name extends string, In, Built, Out> extends NamedCanvas {
  readonly name: Name;
  readonly build: (input: Built) => TypedSignature<never, Out>;
  /** Never set: carries what callers pass and what they get. */
  readonly gives?: readonly [In, Out];
}

/** What {@link defineCanvas} is told. */
export interface CanvasOptions<Name extends string, In extends StandardSchema, Out> {
  /** Name by which it is started: at least two words with a dot between, `text.totalOf`. */
  readonly name: Name;
  /** One sentence for lists. @defaultValue none */
  readonly purpose?: string | undefined;
  /** Checks the input before anything is built. */
  readonly input: In;
  /** Makes the canvas with the builders; the same input must make the same canvas. */
  readonly build: (input: OutputOfSchema<In>) => TypedSignature<never, Out>;
}

/**
 * Defines a canvas by name. A module under `canvases/` exports it; then the client, the API, `perennial canvas start` and
 * schedules start it by its name with an input.
 *
 * @throws TypeError `input` is no schema, or `build` no function
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { chain, task } from './canvas/index.ts';
 * import { defineCanvas, defineTask } from './define/index.ts';
 *
 * const count = defineTask(
 *   { name: 'text.count', input: z.strictObject({ text: z.string() }), output: z.strictObject({ n: z.int() }) },
 *   ({ text }) => ({ n: text.length }),
 * );
 * const isLong = defineTask(
 *   { name: 'text.isLong', input: z.strictObject({ n: z.int() }), output: z.boolean() },
 *   ({ n }) => n > 100,
 * );
 *
 * export const longText = defineCanvas({
 *   name: 'text.longText',
 *   input: z.strictObject({ text: z.string() }),
 *   build: ({ text }) => chain(task(count).si({ text }), task(isLong).s()),
 * });
 * ```
 */
export function defineCanvas<const Name extends string, In extends StandardSchema, Out>({
  name,
  purpose = '',
  input,
  build,
}: CanvasOptions<Name, In, Out>): DefinedCanvas<Name, InputOfSchema<In>, OutputOfSchema<In>, Out> {
  // An application in JavaScript has no compiler.
  if (typeof build !== 'function') throw new TypeError(`${name}: build: expected a function, got ${typeof build}`);
  return { kind: CANVAS_KIND, name, purpose, schemas: { input: toZod(input, `${name}: input`) }, build };
}

/** Tells whether a value is a canvas of {@link defineCanvas}. */
export function isDefinedCanvas(value: unknown): value is NamedCanvas {
  return isNamedCanvas(value);
}
