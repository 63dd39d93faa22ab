/**
 * The tasks of an application inside the workflow bundle. The sandbox loads no module of an application, so the rows of
 * its tasks are written into the bundle as text: whoever builds it replaces {@link MARK} (`workers/bundle.ts`).
 */
import type { TaskDefinition } from './definition.ts';

/** Stands where the rows will be, as JSON. */
export const MARK = '@@perennial.tasks@@';

/** Rows of the application of this bundle; none outside of a bundle. */
export const bundledTasks: readonly TaskDefinition<string, unknown, unknown>[] = rowsOf(MARK);

function rowsOf(text: string): readonly TaskDefinition<string, unknown, unknown>[] {
  // `as` is safe: only rows of checked tasks are written.
  return text.startsWith('[') ? (JSON.parse(text) as readonly TaskDefinition<string, unknown, unknown>[]) : [];
}
