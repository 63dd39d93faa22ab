/**
 * Counts each attempt and its one end. It lies outside of the classification, so that it counts the failure that the server
 * receives.
 */
import { ApplicationFailure } from '@temporalio/activity';
import type { Layer } from '../layer.ts';
import type { TaskMetrics } from '../task-metrics.ts';
import { endOf } from './ends.ts';

/** Creates the layer. */
export function metrics(counts: TaskMetrics | undefined): Layer {
  if (counts === undefined) return (call, next) => next(call);
  return async (call, next) => {
    const ended = counts.begin(call.task.name, call.attempt.queue);
    try {
      const output = await next(call);
      ended('succeeded', '');
      return output;
    } catch (error) {
      ended(endOf(error, call), typeOf(error));
      throw error;
    }
  };
}

function typeOf(error: unknown): string {
  return error instanceof ApplicationFailure ? (error.type ?? 'Unexpected') : 'Unexpected';
}
