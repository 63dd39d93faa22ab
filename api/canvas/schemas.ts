/** Shapes that only the routes of canvases have. */
import { z } from 'zod';
import { knownIdSchema } from '../../contracts/tasks/schema.ts';
import { canvasPathSchema, treeQuerySchema } from '../../contracts/canvas/schema.ts';
import { callFailureSchema, parkedStepSchema } from '../../contracts/parked/schema.ts';
import { MAX_TREE_DEPTH, MAX_TREE_NODES } from '../../contracts/canvas/views.ts';

export const canvasParams = z.object({ id: knownIdSchema.describe('Name or workflow id of a run') });

/** The query of the client, read from a query string. */
export const treeQuery = treeQuerySchema.extend({
  depth: z.coerce.number<string>().int().min(0).max(MAX_TREE_DEPTH).optional().describe('Levels below; default 3'),
  after: z.coerce.number<string>().int().min(0).optional().describe('Children to leave out at the front'),
  limit: z.coerce.number<string>().int().min(1).max(MAX_TREE_NODES).optional().describe('Nodes; default 200'),
});

const state = z.enum(['waiting', 'running', 'retrying', 'succeeded', 'failed', 'revoked', 'replaced', 'skipped']);
const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative().optional();
const time = z.iso.datetime().optional();

export const canvasViewSchema = z.object({
  id: z.string(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled', 'terminated', 'timed-out']),
  total: count.describe('Calls; callbacks count from when they are due'),
  waiting: count,
  running: count,
  retrying: count,
  succeeded: count,
  failed: count,
  revoked: count,
  replaced: count,
  skipped: count,
  kept: count.describe('Of those that succeeded: taken over from the run that this one repeats'),
  over: z.boolean(),
  startedAt: z.iso.datetime(),
  remainingMs: z.number().nullable().describe('Estimate from the pace so far'),
  retryOf: z.string().nullable(),
  parked: z.array(parkedStepSchema).describe('Up to 100 failed calls that wait for a person'),
  failures: z
    .array(
      z.object({
        path: z.string(),
        task: z.string(),
        id: z.string(),
        state: z.enum(['failed', 'revoked']),
        type: z.string(),
        message: z.string(),
      }),
    )
    .describe('Up to 100 calls that failed or were revoked'),
});

export const canvasTreeSchema = z
  .object({
    kind: z.string(),
    role: z.string(),
    path: z.string(),
    state,
    task: z.string().optional(),
    id: z.string().optional(),
    workflowId: z.string().optional(),
    part: z.string().optional().describe('Workflow id of the part that runs the node'),
    kept: z.literal(true).optional(),
    attempts: count.optional(),
    sentAt: time,
    startedAt: time,
    endedAt: time,
    queueWaitMs: milliseconds,
    runMs: milliseconds,
    backoffMs: milliseconds,
    nextAttemptAt: time,
    failure: callFailureSchema.optional(),
    size: count.optional().describe('Children in all'),
    next: count.optional().describe('`after` of the next question'),
    get children() {
      return z.array(canvasTreeSchema).optional();
    },
  })
  .meta({
    id: 'CanvasTreeNode',
    description: 'A node of a run, without arguments or results',
    examples: [
      {
        kind: 'group',
        role: 'member',
        path: 'root/0',
        state: 'running',
        size: 1,
        children: [{ kind: 'call', role: 'member', path: 'root/0/0', state: 'running', task: 'invoices.read' }],
      },
    ],
  });

export const revokeCallsBody = z.strictObject({ path: canvasPathSchema });
export const revokedCallsSchema = z.object({
  status: z.literal('revoked'),
  id: z.string(),
  path: z.string(),
  calls: count.describe('Calls that were under way'),
});
