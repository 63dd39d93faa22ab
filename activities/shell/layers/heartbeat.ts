import type { Layer } from '../layer.ts';

/** Keeps telling the server that the worker lives, with the details that the body has given last. */
export const heartbeat: Layer = async (call, next) => {
  const { attempt, task } = call;
  let details: unknown = attempt.lastHeartbeat;
  // Three beats for each time-out: one lost beat must not make a living worker look dead.
  const timer = setInterval(() => {
    attempt.heartbeat(details);
  }, task.limits.heartbeatMs / 3);
  // Costs the server a write for every task, so only where there is something to carry over.
  if (details !== undefined) attempt.heartbeat(details);
  const beat = (given: unknown): void => {
    details = given;
    attempt.heartbeat(details);
  };
  try {
    return await next({ ...call, heartbeat: beat });
  } finally {
    clearInterval(timer);
  }
};
