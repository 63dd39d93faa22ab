/** The type of the configuration. */
import type { configTable } from './table.ts';
import type { ValuesOf } from './entries.ts';

/** All validated settings of a process. It holds secrets and must never be logged. */
export interface Config extends ValuesOf<typeof configTable> {
  /**
   * The environment strings that it was made from, without unset variables. Child processes get them, so that they have the
   * same configuration.
   */
  readonly variables: Readonly<Record<string, string>>;
}
