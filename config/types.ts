/** The configuration as the composition roots receive it. */
import type { configTable } from './table.ts';
import type { ValuesOf } from './entries.ts';

/** All settings of a process, checked. Holds secrets: never log it. */
export interface Config extends ValuesOf<typeof configTable> {
  /**
   * The environment strings that it was made from, by variable; what is not set is not there. Child
   * processes get them, so that they come to the same configuration.
   */
  readonly variables: Readonly<Record<string, string>>;
}
