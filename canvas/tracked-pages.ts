/** What a run tells of its calls page by page. */
import type { CanvasFailedMember, CanvasKnown, CanvasPage } from '../contracts/canvas-views.ts';
import { page } from './pages.ts';
import type { CallRecord } from './tracker.ts';

/** A call that failed or was revoked. */
export function failedMember({ path, task, id, state, failure }: CallRecord): CanvasFailedMember {
  return {
    path,
    task,
    id,
    state: state === 'revoked' ? 'revoked' : 'failed',
    type: failure?.type ?? 'Unexpected',
    message: failure?.message ?? '',
  };
}

/** Whoever fails again is to be told of again. */
const TOLD = /\/errback\//;

/** What calls gave, for a run that repeats this one. */
export function outcomesOf(
  calls: ReadonlyMap<string, CallRecord>,
  after: number,
  limit: number,
): CanvasPage<CanvasKnown> {
  const done = [...calls.values()].filter((record) => 'value' in record && !TOLD.test(record.path));
  return page(done, after, limit, ({ path, value }) => ({ path, value }));
}
