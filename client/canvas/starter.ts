/** One canvas of an application as a typed function. */
import type { JobHandle } from '../connection/jobs.ts';
import { requireCanvas } from './named.ts';
import type { CanvasJobs, CanvasStarter } from './types.ts';

/** Binds a canvas to its types. @throws InvalidInput for an unknown name */
export function canvasStarter<In, Out>(
  canvases: Pick<CanvasJobs, 'start'>,
  canvas: string | { readonly name: string },
): CanvasStarter<In, Out> {
  const { name } = requireCanvas(typeof canvas === 'string' ? canvas : canvas.name);
  return {
    name,
    // The definition binds the result type to the name.
    start: async (input, options) => (await canvases.start(name, input, options)) as JobHandle<Out>,
  };
}
