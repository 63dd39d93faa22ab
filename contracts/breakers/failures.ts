/** Failures of calls whose provider is not asked for the moment. */
import type { FailureRule } from '../failures/rule.ts';

export const breakerFailures = {
  ProviderPaused: {
    class: 'transient',
    httpStatus: 503,
    cause: 'The provider of the task failed too often or asked all callers to wait, so the call was not made.',
    remedy:
      'Nothing: the call waits without using an attempt and goes on by itself. `perennial breakers list` says why.',
  },
  UnknownBreaker: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'No provider with this key has ever failed.',
    remedy: 'Compare the key with `perennial breakers list`.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
