/** Failures that only compositions know. */
import type { FailureRule } from './failure-rule.ts';

export const canvasFailures = {
  ChordError: {
    class: 'permanent',
    cause: 'A member of the header of a chord failed, so its body did not run.',
    remedy: 'The message names the member and its error: mend that and start again.',
  },
  JoinFailed: {
    class: 'permanent',
    cause: 'Fewer members of a group or header succeeded than its join policy asks for.',
    remedy: 'The message says how many did, and why the first one did not: mend that, or ask for fewer.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
