/** Refuses calls to queues that are being drained. */
import { PerennialError } from '../../contracts/failures.ts';
import { isUnimplemented } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';
import { look, type Note, OPEN } from './look.ts';

/** Greatest age of a cached state, in milliseconds. */
const GATE_FRESH_MS = 1_000;

/** Check that precedes every start of a call. */
export interface QueueGate {
  /** Refuses calls to a draining queue. @throws PerennialError `QueueDraining` */
  requireOpen(queue: string): Promise<void>;
  /** Drops the cached state of a queue after a change. */
  forget(queue: string): void;
}

/** Makes a gate that caches states, so that a stream of calls sends one request a second. */
export function createGate(rpc: Rpc): QueueGate {
  const seen = new Map<string, { readonly at: number; readonly note: Promise<Note> }>();
  const noteOf = (queue: string): Promise<Note> => {
    const last = seen.get(queue);
    if (last !== undefined && Date.now() - last.at < GATE_FRESH_MS) return last.note;
    const note = look(rpc, queue).then(
      (found) => found.note,
      (error: unknown) => {
        // A server that has no states of queues cannot drain one.
        if (isUnimplemented(error)) return OPEN;
        throw error;
      },
    );
    // A failed request is not cached.
    note.catch(() => seen.delete(queue));
    seen.set(queue, { at: Date.now(), note });
    return note;
  };
  return {
    forget: (queue) => void seen.delete(queue),
    requireOpen: async (queue) => {
      const { state, reason, by } = await noteOf(queue);
      if (state !== 'draining') return;
      throw new PerennialError(
        'QueueDraining',
        `queue: expected a queue that takes calls, got '${queue}', which ${by ?? 'somebody'} is draining: ${reason}`,
      );
    },
  };
}
