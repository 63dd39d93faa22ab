/** What a task asks of the run that has called it, beside its result or in place of it: how that travels from the worker. */
import type { Signature } from '../signature/signature.ts';
import { isRecord } from '../signature/json.ts';

/** What a task has asked for. */
export interface TaskEffects {
  /** What the task gives, where no canvas gives it. */
  readonly value?: unknown;
  /** Takes the place of the call. */
  readonly replacedBy?: Signature | undefined;
  /** Run on their own; nobody waits for what they give. */
  readonly sends: readonly Signature[];
}

const EFFECTS = 'perennial.effects';

/** What stands for the result of a task that asks for something. */
export function resultWithEffects(effects: TaskEffects): Readonly<Record<string, unknown>> {
  return { [EFFECTS]: effects };
}

/** What a result asks for, as data that nobody has checked; `undefined` for a plain result. */
export function effectsIn(result: unknown): { readonly [K in keyof TaskEffects]: unknown } | undefined {
  if (!isRecord(result) || Object.keys(result).length !== 1) return undefined;
  const effects = result[EFFECTS];
  return isRecord(effects)
    ? { value: effects['value'], replacedBy: effects['replacedBy'], sends: effects['sends'] }
    : undefined;
}
