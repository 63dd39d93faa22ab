/**
 * The tasks of an application inside the workflow bundle. The sandbox loads no module of an application, so the rows of
 * its tasks are written into the bundle as text: whoever builds it replaces {@link MARK} (`workers/application.ts`).
 */
import type { FailureRule } from '../failures/rule.ts';
import type { TaskDefinition } from './definition.ts';

/** A row without its schemas and body. */
export type BundledRow = TaskDefinition<string, unknown, unknown>;

/** Stands where the rows will be, as JSON. */
export const MARK = '@@perennial.tasks@@';

/** Rows of an application. */
export interface Bundled {
  readonly tasks: readonly BundledRow[];
  readonly failures: Readonly<Record<string, FailureRule>>;
}

/** Rows of the application of this bundle; none outside of a bundle. */
export const bundled: Bundled = read(MARK);

/** Returns what replaces the mark. */
export function bundledText(rows: Bundled): string {
  return JSON.stringify(rows);
}

function read(text: string): Bundled {
  // `as` is safe: only rows of checked tasks are written.
  return text.startsWith('{') ? (JSON.parse(text) as Bundled) : { tasks: [], failures: {} };
}
