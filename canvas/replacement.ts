/** How a task puts a canvas in its place: what stands for its result on the way from the worker to the run. */
import { isRecord, type Signature } from './signature.ts';

const REPLACED_BY = 'perennial.replacedBy';

/** The result of a call whose task asked for a canvas in its place. */
export interface ReplacedBy {
  readonly [REPLACED_BY]: Signature;
}

/** Says that a canvas takes the place of the call. */
export function replacedBy(canvas: Signature): ReplacedBy {
  return { [REPLACED_BY]: canvas };
}

/** The canvas, as data that nobody has checked; `undefined` for any other result. */
export function replacementIn(result: unknown): unknown {
  return isRecord(result) && Object.keys(result).length === 1 ? result[REPLACED_BY] : undefined;
}
