/** Canvases in Celery's own JSON, as its producers send them. */
import type { Signature } from '../../canvas/signature/signature.ts';

/** A call with positional arguments. */
export function callOf(task: string, ...args: readonly unknown[]): Signature {
  return { task, args, kwargs: {}, options: {}, subtask_type: null, immutable: false };
}

/** Calls side by side. */
export function groupOf(tasks: readonly Signature[]): Signature {
  return composition('group', { tasks });
}

/** Calls one after the other; each is given the result before it. */
export function chainOf(tasks: readonly Signature[]): Signature {
  return composition('chain', { tasks });
}

/** Calls side by side, and one that is given all their results. */
export function chordOf(header: readonly Signature[], body: Signature): Signature {
  return composition('chord', { header: groupOf(header), body, kwargs: {} });
}

function composition(kind: 'chain' | 'chord' | 'group', kwargs: Readonly<Record<string, unknown>>): Signature {
  return { task: `celery.${kind}`, args: [], kwargs, options: {}, subtask_type: kind, immutable: false };
}
