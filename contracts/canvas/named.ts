/** Canvases that have a name: an application builds them from an input, and callers start them by the name. */
import type { TaskSchemas } from '../tasks/definition.ts';

/** Marks what `defineCanvas` makes; the number rises when canvases made before can no longer be used. */
export const CANVAS_KIND = 'perennial.canvas/1';

/** A canvas with a name, whatever it takes and gives. */
export interface NamedCanvas {
  readonly kind: typeof CANVAS_KIND;
  readonly name: string;
  readonly purpose: string;
  readonly schemas: Pick<TaskSchemas<unknown, unknown>, 'input'>;
  /** Makes the canvas, as Celery's JSON, from what the schema gives. */
  readonly build: (input: never) => unknown;
}

/** Tells whether a value is a canvas with a name. */
export function isNamedCanvas(value: unknown): value is NamedCanvas {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === CANVAS_KIND;
}
