/**
 * The tasks of an application inside the workflow bundle. The sandbox loads no module of an application, so the rows of
 * its tasks are written into the bundle as text: whoever builds it replaces {@link MARK} (`workers/application.ts`).
 */
import type { TaskDefinition } from './definition.ts';

/** A row without its schemas and body. */
export type BundledRow = TaskDefinition<string, unknown, unknown>;

/** Stands where the rows will be, as JSON. */
export const MARK = '@@perennial.tasks@@';

/** Rows of the application of this bundle; none outside of a bundle. */
export const bundledTasks: readonly BundledRow[] = rowsOf(MARK);

/** Returns what replaces the mark. */
export function bundledText(rows: readonly BundledRow[]): string {
  return JSON.stringify(rows);
}

function rowsOf(text: string): readonly BundledRow[] {
  // `as` is safe: only rows of checked tasks are written.
  return text.startsWith('[') ? (JSON.parse(text) as readonly BundledRow[]) : [];
}
