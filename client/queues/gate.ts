/** Keeps calls off queues that are being drained. */
import { PerennialError } from '../../contracts/failures.ts';
import type { Rpc } from '../connection/rpc.ts';
import { look, type Note } from './look.ts';

/** How long a state that calls are checked against may be old. */
const GATE_FRESH_MS = 1_000;

/** What calls ask before they start something. */
export interface QueueGate {
  /** @throws PerennialError `QueueDraining` */
  requireOpen(queue: string): Promise<void>;
  /** Asks the server again before the next call: the state was changed here. */
  forget(queue: string): void;
}

/** Remembers for a moment what it was told, so that a stream of calls asks once a second. */
export function createGate(rpc: Rpc): QueueGate {
  const seen = new Map<string, { readonly at: number; readonly note: Promise<Note> }>();
  const noteOf = (queue: string): Promise<Note> => {
    const last = seen.get(queue);
    if (last !== undefined && Date.now() - last.at < GATE_FRESH_MS) return last.note;
    const note = look(rpc, queue).then((found) => found.note);
    // What could not be asked is not remembered.
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
