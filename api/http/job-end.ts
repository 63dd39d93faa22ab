/** What a job came to, for routes that show one. */
import type { JobHandle } from '../../client/index.ts';
import { type FailureRecord, failureRecord, PerennialError } from '../../contracts/failures.ts';

/** Longest wait for the result of a job that has ended, in milliseconds; the result exists, so it arrives at once. */
const RESULT_WAIT_MS = 10_000;

/** Returns the result of a job that has ended, or why it failed; empty for other statuses. */
export async function endOf<T>(job: JobHandle<T>, status: string): Promise<{ result?: T; failure?: FailureRecord }> {
  if (status !== 'completed' && status !== 'failed') return {};
  try {
    return { result: await job.result({ timeoutMs: RESULT_WAIT_MS }) };
  } catch (error) {
    if (error instanceof PerennialError) return { failure: failureRecord(error.type, error.message) };
    throw error;
  }
}
