/** What became of an effect, as the ledger keeps it. */
import { jsonSchema } from '../../contracts/values/json/schema.ts';

/** Longest result that is kept, in bytes of JSON. */
export const MAX_EFFECT_RESULT_BYTES = 100_000;

/** An effect that has happened, and the task that had it. Its result may be one that cannot be kept. */
export type Outcome =
  { readonly by: string; readonly value: unknown } | { readonly by: string; readonly fault: string };

const HAPPENED = 'the effect has happened and will not be repeated; correct what it returns';

/** The outcome of an effect that gave a value. It stands whatever the value is, because the effect has happened. */
export function outcomeOf(value: unknown, by: string): Outcome {
  if (value === undefined) return { by, value };
  const parsed = jsonSchema.safeParse(value);
  if (!parsed.success)
    return { by, fault: `expected an effect that returns JSON or nothing, got another value; ${HAPPENED}` };
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= MAX_EFFECT_RESULT_BYTES) return { by, value };
  const limit = `expected an effect that returns at most ${MAX_EFFECT_RESULT_BYTES} bytes of JSON, got ${bytes}`;
  return { by, fault: `${limit}; ${HAPPENED}, such as to a reference` };
}

/** The bytes that are kept. */
export function writeOutcome(outcome: Outcome): Buffer {
  return Buffer.from(JSON.stringify(outcome));
}

/** The outcome in such bytes. */
export function readOutcome(bytes: Buffer): Outcome {
  const outcome = JSON.parse(bytes.toString()) as Outcome; // what `writeOutcome` has written
  return 'fault' in outcome ? outcome : { by: outcome.by, value: outcome.value };
}
