/** Starts canvases and finds their runs. */
import { randomUUID } from 'node:crypto';
import { canvasCallSchema } from '../../contracts/canvas/schema.ts';
import { canvasWorkflowId, canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import type { runCanvas } from '../../workflows/index.ts';
import { createCanvasApprovals } from './approvals.ts';
import { canvasInput } from './input.ts';
import { buildCanvas } from './named.ts';
import { revokeCalls } from './revoke.ts';
import { retryFailed } from './retry.ts';
import { memberKeysOf, rememberMembers } from './started-members.ts';
import { taskIdsIn } from './task-ids.ts';
import { failedMembersOf, progressOf, treeOf } from './progress.ts';
import type { CanvasJobs, CanvasStart } from './types.ts';
import { fingerprintInTurns } from '../connection/fingerprint.ts';
import { jobHandle } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ClientContext } from '../domain.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import { inTurns } from '../../payloads/turns.ts';
import { startJob } from '../connection/start-job.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import type { JobHandle } from '../connection/jobs.ts';
import type { RunCanvasInput } from '../../workflows/canvas/run-input.ts';

/** Binds the canvas domain to a connection. */
export function createCanvasJobs({ rpc }: Pick<ClientContext, 'rpc'>): CanvasJobs {
  const runJson = (canvas: unknown, options: CanvasStart = {}): Promise<JobHandle<unknown>> =>
    start(rpc, canvas, options);
  return {
    run: runJson,
    runJson,
    start: async (name, input, options = {}) => start(rpc, buildCanvas(name, input), options, name),
    get: (id) => jobHandle(rpc, workflowIdOf(id)),
    progress: (id) => progressOf(rpc, workflowIdOf(id)),
    tree: (id, query) => treeOf(rpc, workflowIdOf(id), query),
    cancel: (id) => jobHandle(rpc, workflowIdOf(id)).cancel(),
    revoke: (id, path) => revokeCalls(rpc, workflowIdOf(id), path),
    failedMembers: (id, { limit = 1_000 } = {}) => failedMembersOf(rpc, workflowIdOf(id), limit),
    retryFailed: (id) => retryFailed(rpc, workflowIdOf(id)),
    ...createCanvasApprovals(rpc, workflowIdOf),
  };
}

function workflowIdOf(name: string): string {
  return name.startsWith(canvasWorkflowId('')) ? name : canvasWorkflowId(name);
}

/**
 * Starts a canvas.
 *
 * @param named - name of the canvas; without one it is listed by its kind
 */
async function start(rpc: Rpc, canvas: unknown, options: CanvasStart, named?: string): Promise<JobHandle<unknown>> {
  const { id = randomUUID(), tenant, externalOnly = false, ...rest } = options;
  const call = validate(canvasCallSchema, rest, 'options');
  const input = await inTurns((isTurnOver) => canvasInput(canvas, { ...call, tenant }, { externalOnly, isTurnOver }));
  requireStore(rpc, input);
  const ids = await inTurns((isTurnOver) => taskIdsIn(input, isTurnOver));
  const workflowId = workflowIdOf(id);
  await startJob<typeof runCanvas>(rpc, {
    workflow: canvasWorkflows.runCanvas,
    workflowId,
    args: [input],
    whenDone: 'keep',
    // The fingerprint leaves out the packed tasks, because a later version may pack others.
    fingerprint: await inTurns((isOver) => fingerprintInTurns(rpc, { ...input, packed: undefined }, isOver)),
    ...(tenant === undefined ? {} : { priority: { fairnessKey: tenant } }),
    typedSearchAttributes: indexedAs({
      task: named ?? input.canvas.task,
      root: workflowId,
      tenant,
      members: memberKeysOf(ids),
    }),
    staticSummary: `canvas ${named ?? input.canvas.task}`.slice(0, 200),
  });
  rememberMembers(rpc, ids, workflowId);
  return jobHandle(rpc, workflowId);
}

/** Longest canvas without a blob store, in characters; the server accepts messages of 2 MB. */
const MAX_CHARACTERS_INLINE = 1_500_000;

function requireStore(rpc: Rpc, input: RunCanvasInput): void {
  if (rpc.client.options.loadedDataConverter.externalStorage !== undefined) return;
  const { length } = JSON.stringify(input);
  if (length <= MAX_CHARACTERS_INLINE) return;
  const expected = `at most ${String(MAX_CHARACTERS_INLINE)} characters without a blob store`;
  throw new InvalidInput([{ field: 'canvas', expected, got: `${String(length)}; pass \`blobs\` to connectPerennial` }]);
}
