/** Failures of requests about dead letters. */
import type { FailureRule } from '../failures/rule.ts';

export const deadLetterFailures = {
  AlreadyResolved: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'The dead letter is closed, or somebody else is redriving it.',
    remedy: 'Nothing needs to be done. Look at the run that the message names.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
