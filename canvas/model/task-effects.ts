/** Effects of a task: canvases that it sends or is replaced by, as they travel in its result. */
import type { Signature } from '../signature/signature.ts';
import { isRecord } from '../signature/json.ts';

/** The effects of one call. */
export interface TaskEffects {
  /** What the task gives, where no canvas gives it. */
  readonly value?: unknown;
  /** Takes the place of the call. */
  readonly replacedBy?: Signature | undefined;
  /** Run on their own; nobody waits for what they give. */
  readonly sends: readonly Signature[];
}

const EFFECTS = 'perennial.effects';

/** The result of a task with effects. */
export function resultWithEffects(effects: TaskEffects): Readonly<Record<string, unknown>> {
  return { [EFFECTS]: effects };
}

/** The effects in a result, unchecked; `undefined` for a plain result. */
export function effectsIn(result: unknown): { readonly [K in keyof TaskEffects]: unknown } | undefined {
  if (!isRecord(result) || Object.keys(result).length !== 1) return undefined;
  const effects = result[EFFECTS];
  return isRecord(effects)
    ? { value: effects['value'], replacedBy: effects['replacedBy'], sends: effects['sends'] }
    : undefined;
}
