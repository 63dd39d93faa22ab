/** The port through which the shell counts attempts. */
import type { End } from './layers/ends.ts';

/** Counts attempts at tasks. */
export interface TaskMetrics {
  /**
   * Notes that an attempt begins.
   *
   * @returns what notes its end, once; `errorType` is the type of a failure
   */
  begin(task: string, queue: string): (end: 'succeeded' | End, errorType: string) => void;
}
