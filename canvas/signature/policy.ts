import type { JsonLimits } from './json-check.ts';
import type { IsTurnOver } from '../../contracts/values/turns.ts';

/** What a canvas may be, beyond being well formed. */
export interface ParsePolicy {
  /** Says whether a task may be called. @defaultValue any name */
  readonly knowsTask?: (name: string) => boolean;
  /** Says whether a canvas may start a pipeline. @defaultValue any name */
  readonly knowsPipeline?: (name: string) => boolean;
  /**
   * Checks the input of a pipeline that takes nothing from the step before it.
   *
   * @param at - path of the input
   * @throws what it likes
   */
  readonly checkPipelineInput?: (name: string, input: unknown, at: string) => void;
  /** Says whether a queue may be named. @defaultValue any name */
  readonly knowsQueue?: (name: string) => boolean;
  /**
   * `strict` refuses a negative countdown and an `eta` that has passed, as
   * mistakes of a caller; `lenient` runs such calls at once, as Celery does, for
   * canvases that were stored long ago.
   *
   * @defaultValue strict
   */
  readonly timing?: 'strict' | 'lenient';
  /** The time that an `eta` is compared with, in milliseconds since 1970. @defaultValue no comparison */
  readonly nowMs?: number;
  /** Why no call here may have a compensation. @defaultValue calls may have one */
  readonly uncompensated?: string;
  readonly limits?: Partial<JsonLimits>;
  /** Where a check pauses. @defaultValue nowhere */
  readonly isTurnOver?: IsTurnOver;
}
