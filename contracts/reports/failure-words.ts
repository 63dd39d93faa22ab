/** What a failure is called where people read reports. */
import { failures } from '../failures.ts';

/** Why something failed, and what helps, as whole sentences. */
export interface FailureWords {
  readonly cause: string;
  readonly remedy: string;
}

const known = new Map<string | null, FailureWords>(Object.entries(failures));

/** Describes a failure by its registered sentences; any other type, or none, is told as it is. */
export function failureWords(type: string | null): FailureWords {
  return known.get(type) ?? { cause: `Failure: ${type ?? 'unknown'}.`, remedy: 'Process the document again.' };
}
