/** Rows of an application, which hold their schemas; those of the product have them in modules of their own. */
import type { FailureRule } from '../failures/rule.ts';
import type { TaskDefinition, TaskSchemas } from './definition.ts';

/**
 * Marks such rows, also when another copy of the package made them; the number rises when rows made before can no longer be
 * used.
 */
export const TASK_KIND = 'perennial.task/1';

/** A row of the catalogue with its schemas. */
export interface TaskWithSchemas extends TaskDefinition<string, unknown, unknown> {
  readonly kind: typeof TASK_KIND;
  readonly schemas: TaskSchemas<unknown, unknown>;
  /** Failures of the application that it may end with. */
  readonly failures: Readonly<Record<string, FailureRule>>;
}

/** Tells whether a value is a row with its schemas. */
export function isTaskWithSchemas(value: unknown): value is TaskWithSchemas {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === TASK_KIND;
}
