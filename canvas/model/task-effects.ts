/** What a task asks of the run that has called it, beside its result or in place of it: how that travels from the worker. */
import type { Signature } from '../signature/signature.ts';
import { isRecord } from '../signature/json.ts';

/** What a task has asked for. */
export interface Asks {
  /** What the task gives, where no canvas gives it. */
  readonly value?: unknown;
  /** Takes the place of the call. */
  readonly replacedBy?: Signature | undefined;
  /** Run on their own; nobody waits for what they give. */
  readonly sends: readonly Signature[];
}

const ASKS = 'perennial.asks';

/** What stands for the result of a task that asks for something. */
export function asking(asks: Asks): Readonly<Record<string, unknown>> {
  return { [ASKS]: asks };
}

/** What a result asks for, as data that nobody has checked; `undefined` for a plain result. */
export function asksIn(result: unknown): { readonly [K in keyof Asks]: unknown } | undefined {
  if (!isRecord(result) || Object.keys(result).length !== 1) return undefined;
  const asks = result[ASKS];
  return isRecord(asks) ? { value: asks['value'], replacedBy: asks['replacedBy'], sends: asks['sends'] } : undefined;
}
