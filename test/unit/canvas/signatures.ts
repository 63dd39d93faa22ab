/** Canvases over functions, as data. */
import type { Signature } from '../../../canvas/signature/signature.ts';

export const call = (task: string, args: readonly unknown[] = [], immutable = false): Signature => ({
  task,
  args,
  kwargs: {},
  options: {},
  immutable,
});
export const compose = (kind: string, kwargs: Record<string, unknown>): Signature => ({
  task: `celery.${kind}`,
  args: [],
  kwargs,
  options: {},
  subtask_type: kind,
});
export const group = (tasks: readonly Signature[]): Signature => compose('group', { tasks });
export const chain = (tasks: readonly Signature[]): Signature => compose('chain', { tasks });
export const chord = (header: readonly Signature[], body: Signature): Signature =>
  compose('chord', { header: group(header), body, kwargs: {} });
export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
