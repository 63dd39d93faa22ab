/**
 * Undoing what was done when a canvas fails (a saga): calls that have a
 * compensation are noted as they end, and undone in the reverse order.
 */
import type { CanvasFailure } from '../model/outcome.ts';
import { planCanvas } from '../plan/plan.ts';
import type { CanvasRuntime } from './runtime.ts';
import type { NodeEnd, RunNode } from '../model/scope.ts';
import type { Signature } from '../signature/signature.ts';
import type { CallRequest, UndoNote } from '../model/request.ts';

/** What came of one compensation. */
export interface Compensated {
  /** Of the call that was undone. */
  readonly path: string;
  readonly task: string;
  /** Why it could not be undone; the others were tried all the same. */
  readonly failure?: CanvasFailure;
}

/** What a compensation is given. */
export interface Undo<Input = unknown, Result = unknown> {
  readonly input: Input;
  /** `null` where it is not known whether the call has done its work: undoing must bear that nothing was done. */
  readonly result: Result | null;
}

/** Compensations of one run. */
export interface Saga {
  /** Runs a call; when it has ended, or may have done its work, its compensation is noted. */
  watch(undo: Signature, request: CallRequest, work: () => Promise<NodeEnd>): Promise<NodeEnd>;
  /** The call has begun. */
  readonly began: (id: string) => void;
  /** Its outcome in an earlier run counts for nothing: it was undone. */
  readonly covers: (id: string) => boolean;
  /** Takes over what a part has noted. */
  readonly adopt: (notes: readonly UndoNote[]) => void;
  /** Gives away what was noted. */
  readonly handOver: () => readonly UndoNote[];
  /** Undoes what was noted, one after the other, the last first. Rejects only on cancellation. */
  readonly undo: () => Promise<readonly Compensated[]>;
}

/** Failures that leave open whether the work was done. */
const UNKNOWN: ReadonlySet<string> = new Set(['WorkerLost', 'TimeLimit', 'HardTimeLimit']);

/** Starts to take notes. */
export function createSaga(runtime: CanvasRuntime, run: RunNode): Saga {
  const notes: UndoNote[] = [];
  const watched = new Map<string, 'waiting' | 'began'>();
  return {
    began: (id) => {
      if (watched.has(id)) watched.set(id, 'began');
    },
    covers: (id) => watched.has(id),
    adopt: (more) => void notes.push(...more),
    handOver: () => notes.splice(0),
    watch: async (undo, request, work) => {
      watched.set(request.id, 'waiting');
      const note = (result: unknown): void => void notes.push({ undo, request, result, endedAt: runtime.now() });
      try {
        const ended = await work();
        if (ended.outcome.ok) note(ended.outcome.value);
        else if (UNKNOWN.has(ended.outcome.failure.type)) note(null);
        return ended;
      } catch (error) {
        // Cancelled: it may have done its work.
        if (watched.get(request.id) === 'began') note(null);
        throw error;
      }
    },
    undo: async () => {
      const open = inOrder(notes.splice(0)).reverse();
      const undoAll = async (): Promise<readonly Compensated[]> => {
        const done: Compensated[] = [];
        for (const note of open) done.push(await undoOne(runtime, run, note));
        return done;
      };
      if (open.length === 0) return [];
      return runtime.shielded === undefined ? undoAll() : runtime.shielded(undoAll);
    },
  };
}

/** By the time at which calls ended; where that is the same, as they were noted. */
function inOrder(notes: readonly UndoNote[]): UndoNote[] {
  return [...notes].sort(({ endedAt: a = 0 }, { endedAt: b = 0 }) => a - b);
}

async function undoOne(
  runtime: CanvasRuntime,
  run: RunNode,
  { undo, request, result }: UndoNote,
): Promise<Compensated> {
  const { id, rootId, path, task, args, kwargs } = request;
  const input = runtime.inputOf?.(request) ?? { args, kwargs };
  const node = planCanvas(undo, {}, `${path}/compensate`);
  if (node === undefined) return { path, task };
  runtime.planned?.(node, path);
  const scope = { rootId, parentId: id, group: null, chord: null, onPath: false };
  const { outcome } = await run(node, { args: [{ input, result }], kwargs: {} }, scope);
  return outcome.ok ? { path, task } : { path, task, failure: outcome.failure };
}
