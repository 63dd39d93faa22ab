/** Canvases over two tasks of the catalogue, as data, for scenarios. */
import { canvasWorkflows } from '../../../contracts/canvas/vocabulary.ts';
import type { Signature, SignatureOptions } from '../../../canvas/signature/signature.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { scriptCanvas, type ScriptedCanvas } from '../scripted/canvas.ts';

/** Two tasks of the catalogue on different queues. */
export const FIRST = 'documents.readDocument';
export const SECOND = 'documents.saveDocuments';

export const call = (
  task: string,
  kwargs: Record<string, unknown> = {},
  options: SignatureOptions = {},
): Signature => ({
  task,
  args: [],
  kwargs,
  options,
  subtask_type: null,
  immutable: false,
});
export const compose = (kind: string, kwargs: Record<string, unknown>, options: SignatureOptions = {}): Signature => ({
  task: `celery.${kind}`,
  args: [],
  kwargs,
  options,
  subtask_type: kind,
  immutable: false,
});
export const group = (...tasks: Signature[]): Signature => compose('group', { tasks });
export const chain = (...tasks: Signature[]): Signature => compose('chain', { tasks });
export const chord = (header: Signature[], body: Signature): Signature =>
  compose('chord', { header, body, kwargs: {} });

/** A run of a canvas over scripted tasks. */
export function scenario(canvas: Signature, more: object = {}): Omit<Scenario<ScriptedCanvas>, 'meanwhile'> {
  return { workflow: canvasWorkflows.runCanvas, world: scriptCanvas, args: [{ canvas, ...more }] };
}
