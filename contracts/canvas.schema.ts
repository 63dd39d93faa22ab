/** Shapes around a canvas. The canvas itself is checked by `canvas/parse.ts`, which needs no schema. */
import { z } from 'zod';
import { PRIORITY_SCALES } from './canvas.ts';

export const canvasCallSchema = z.strictObject({
  args: z.array(z.unknown()).max(1000).optional().describe('Put before the arguments of the first call'),
  kwargs: z.record(z.string(), z.unknown()).optional().describe('Keyword arguments for the first call'),
  options: z.record(z.string(), z.unknown()).optional().describe("Override the canvas's own options"),
  priorityScale: z.enum(PRIORITY_SCALES).optional().describe('What the numbers of priority mean; default perennial'),
});

export const startCanvasSchema = z.strictObject({
  canvas: z.unknown().describe("A signature or composition as Celery's JSON"),
  ...canvasCallSchema.shape,
});

export type CanvasCallInput = z.infer<typeof canvasCallSchema>;
