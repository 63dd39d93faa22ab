/** Builds canvases in Celery's own JSON, as its producers send them. */
import type { Signature } from '../../canvas/signature/signature.ts';

/** Returns the signature of a call with positional arguments. */
export function callOf(task: string, ...args: readonly unknown[]): Signature {
  return { task, args, kwargs: {}, options: {}, subtask_type: null, immutable: false };
}

/** Returns a group: calls that run side by side. */
export function groupOf(tasks: readonly Signature[]): Signature {
  return composition('group', { tasks });
}

/** Returns a chain: calls that run one after the other, each with the result of the call before. */
export function chainOf(tasks: readonly Signature[]): Signature {
  return composition('chain', { tasks });
}

/** Returns a chord: calls that run side by side, and a body that receives all their results. */
export function chordOf(header: readonly Signature[], body: Signature): Signature {
  return composition('chord', { header: groupOf(header), body, kwargs: {} });
}

function composition(kind: 'chain' | 'chord' | 'group', kwargs: Readonly<Record<string, unknown>>): Signature {
  return { task: `celery.${kind}`, args: [], kwargs, options: {}, subtask_type: kind, immutable: false };
}
