/** Failures of requests about dead letters. */
import type { FailureRule } from '../failures/rule.ts';

export const deadLetterFailures = {
  AlreadyResolved: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'The dead letter is closed, or somebody else is redriving it.',
    remedy: 'Nothing needs to be done. Look at the run that the message names.',
  },
  RedriveUnderWay: {
    class: 'permanent',
    httpStatus: 409,
    cause: 'Somebody else is redriving the letters of the same filter.',
    remedy: 'Watch the redrive that the message names, or abort it; what it leaves can be redriven afterwards.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
