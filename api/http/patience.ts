/** Waits a limited time for the result of a job, so that most callers need no second request. */
import type { Request } from 'express';
import { type JobHandle, Unavailable } from '../../client/index.ts';

/** Shorter than the usual 30 s timeout of proxies. */
const WAIT_MS = 25_000;

/** The request that waits, and how long it waits. */
export interface Patience {
  readonly request: Request;
  /** @defaultValue 25 s */
  readonly waitMs: number | undefined;
  /** Aborted when the caller has disconnected. */
  readonly signal: AbortSignal;
}

/** Returns the result of a job, or `undefined` when it does not end in time or the caller prefers not to wait. */
export async function resultSoon(
  job: Pick<JobHandle<unknown>, 'result'>,
  { request, waitMs = WAIT_MS, signal }: Patience,
): Promise<unknown> {
  if (/\brespond-async\b/i.test(request.get('prefer') ?? '')) return undefined;
  try {
    return await job.result({ timeoutMs: waitMs, signal });
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}
