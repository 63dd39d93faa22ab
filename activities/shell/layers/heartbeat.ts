import type { Layer } from '../layer.ts';

/** Sends heartbeats to the server while the body runs, with the latest details of the body. */
export const heartbeat: Layer = async (call, next) => {
  const { attempt, task } = call;
  let details: unknown = attempt.lastHeartbeat;
  // Three heartbeats in each time-out: a single lost one must not make a living worker look dead.
  const timer = setInterval(() => {
    attempt.heartbeat(details);
  }, task.limits.heartbeatMs / 3);
  // The first heartbeat costs the server a write, so it is sent only when there are details to keep.
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
