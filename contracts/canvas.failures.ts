/** Failures that only compositions know. */
import type { FailureRule } from './failure-rule.ts';

export const canvasFailures = {
  ChordError: {
    class: 'permanent',
    cause: 'A member of the header of a chord failed, so its body did not run.',
    remedy: 'The message names the member and its error: mend that and start again.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
