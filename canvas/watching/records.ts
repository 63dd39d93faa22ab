/** Records of calls, and pages of them. */
import type { CanvasFailedMember, CanvasKnown, CanvasPage, CanvasCallState } from '../../contracts/canvas/views.ts';
import { page } from './pages.ts';

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

/** Error callbacks are called again when a repeated run fails, so their results are not kept. */
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

/** What is remembered of one call that has begun. */
export interface CallRecord {
  readonly id: string;
  readonly path: string;
  readonly task: string;
  state: CanvasCallState;
  /** Attempts that the engine made; those of the server are its own. */
  retries: number;
  /** Attempts in packs, which the server does not count. */
  attempts?: number;
  /** When it was handed to the workers, in milliseconds since 1970. */
  sentAt?: number;
  endedAt?: number;
  failure?: { readonly type: string; readonly message: string };
  value?: unknown;
}

/** The record of a composite node. */
export interface CompositeRecord {
  readonly state: 'running' | 'succeeded' | 'failed';
  readonly endedAt?: number;
}
