/** Failures of tasks, on their way to the server. */
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import { failureConverter } from '../payloads/failure-converter.ts';

/**
 * Converts what a task fails with as the sandbox converts what workflows fail with. The SDK would load a converter for
 * activities by `require`, which takes no TypeScript; a failure that was converted already it sends as it is.
 */
export function sealFailures(): ActivityInterceptors {
  return {
    inbound: {
      execute: async (input, next) => {
        try {
          return await next(input);
        } catch (error) {
          if (error instanceof ApplicationFailure)
            error.failure ??= failureConverter.errorToFailure(error, defaultPayloadConverter);
          throw error;
        }
      },
    },
  };
}
