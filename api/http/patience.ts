/** Routes that wait a while for a job to end, so that most callers need not ask again. */
import type { Request } from 'express';
import { type JobHandle, Unavailable } from '../../client/index.ts';

/** Below the time after which proxies give a request up. */
const WAIT_MS = 25_000;

/** Who waits, and how long. */
export interface Patience {
  readonly request: Request;
  /** @defaultValue 25 s */
  readonly waitMs: number | undefined;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

/** The result of a job that ends soon; `undefined` of one that does not, or when the caller prefers not to wait. */
export async function resultSoon(
  job: JobHandle<unknown>,
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
