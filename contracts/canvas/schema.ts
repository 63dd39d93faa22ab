/** Shapes around a canvas. The canvas itself is checked by `canvas/signature/parse.ts`, which needs no schema. */
import { z } from 'zod';
import { parkedShape } from '../parked/schema.ts';
import { PRIORITY_SCALES } from './vocabulary.ts';
import { MAX_TREE_DEPTH, MAX_TREE_NODES } from './views.ts';

export const canvasCallSchema = z.strictObject({
  args: z.array(z.unknown()).max(1000).optional().describe('Put before the arguments of the first call'),
  kwargs: z.record(z.string(), z.unknown()).optional().describe('Keyword arguments for the first call'),
  options: z.record(z.string(), z.unknown()).optional().describe("Override the canvas's own options"),
  priorityScale: z.enum(PRIORITY_SCALES).optional().describe('What the numbers of priority mean; default perennial'),
  ...parkedShape,
});

export const startCanvasSchema = z.strictObject({
  canvas: z
    .unknown()
    .refine((canvas) => canvas !== undefined, "expected a signature or composition as Celery's JSON")
    .describe("A signature or composition as Celery's JSON"),
  ...canvasCallSchema.shape,
});

export const canvasPathSchema = z
  .string()
  .min(1)
  .max(10_000)
  .describe('Its place in the canvas, for example root/2/header/0');

export const treeQuerySchema = z.strictObject({
  path: canvasPathSchema.optional(),
  depth: z.int().min(0).max(MAX_TREE_DEPTH).optional().describe('Levels below the node; default 3'),
  after: z.int().min(0).optional().describe('Children of the node to leave out at the front'),
  limit: z.int().min(1).max(MAX_TREE_NODES).optional().describe('Nodes of the answer; default 200'),
});

export type CanvasCallInput = z.infer<typeof canvasCallSchema>;

export const deciderSchema = z.strictObject({
  by: z.string().trim().min(1).max(200).describe('Who decides: a name or an address'),
  note: z.string().max(2000).optional().describe('Why'),
});

export const approvalSchema = z.strictObject({
  path: z.string().min(1).max(4000).describe('Where the step stands, for example root/2'),
  decision: z.enum(['approve', 'reject']),
  ...deciderSchema.shape,
});
