import { type Layer, StopReason } from '../layer.ts';

/**
 * Aborts the signal of the body when its soft time limit has passed; an error that it throws then becomes a
 * `TimeLimit`.
 */
export const softLimit: Layer = async (call, next) => {
  const softMs = call.facts.softMs ?? call.task.limits.softMs;
  const timer = setTimeout(() => {
    call.stop.abort(new StopReason('TimeLimit', `The soft time limit of ${String(softMs)} ms has passed.`));
  }, softMs);
  try {
    return await next(call);
  } finally {
    clearTimeout(timer);
  }
};
