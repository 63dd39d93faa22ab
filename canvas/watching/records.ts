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
  /** The list that a map gave. */
  readonly value?: unknown;
}

/** Longest result, as JSON, that a run keeps of each call while it goes on, and that it answers with, in characters. */
const SHORT = 4096;

/** Says whether a result is so short that a run keeps it for those who ask; longer ones are read from the history. */
export function isShort(value: unknown): boolean {
  return ((JSON.stringify(value) as string | undefined)?.length ?? 0) <= SHORT;
}
