/** Starts canvases and finds their runs. */
import { fieldFaults } from '../../contracts/values/field-faults.ts';
import { randomUUID } from 'node:crypto';
import { parseCallOptions, type ParsePolicy, parseSignature } from '../../canvas/signature/parse.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import { canvasCallSchema } from '../../contracts/canvas/schema.ts';
import { isCanvasPipeline } from '../../contracts/canvas/pipelines.ts';
import { canvasWorkflowId, canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import { type AnyTask, findTask, packedAmong } from '../../contracts/catalogue.ts';
import { isQueueName } from '../../contracts/queues/names.ts';
import { workflowArguments } from '../../contracts/catalogue.schema.ts';
import type { runCanvas } from '../../workflows/index.ts';
import { createCanvasApprovals } from './approvals.ts';
import { revokeCalls } from './revoke.ts';
import { retryFailed } from './retry.ts';
import { failedMembersOf, progressOf, treeOf } from './progress.ts';
import { requireOwnTaskIds } from './task-ids.ts';
import type { CanvasJobs, CanvasStart } from './types.ts';
import { withFields } from '../connection/faults.ts';
import { fingerprintOf } from '../connection/fingerprint.ts';
import { jobHandle } from '../connection/handles.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { ClientContext } from '../domain.ts';
import { indexedAs } from '../connection/search-attributes.ts';
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

async function start(rpc: Rpc, canvas: unknown, options: CanvasStart): Promise<JobHandle<unknown>> {
  const { id = randomUUID(), tenant, externalOnly = false, ...rest } = options;
  const call = validate(canvasCallSchema, rest, 'options');
  const { signature, tasks } = checkCanvas(canvas, externalOnly, call.options);
  const packed = packedAmong(tasks);
  const input = JSON.parse(JSON.stringify({ canvas: signature, tenant, packed, ...call })) as RunCanvasInput; // drops fields that are undefined
  requireStore(rpc, input);
  const workflowId = workflowIdOf(id);
  await startJob<typeof runCanvas>(rpc, {
    workflow: canvasWorkflows.runCanvas,
    workflowId,
    args: [input],
    whenDone: 'keep',
    // The fingerprint leaves out the packed tasks, because a later version may pack others.
    fingerprint: fingerprintOf(rpc, { ...input, packed: undefined }),
    ...(tenant === undefined ? {} : { priority: { fairnessKey: tenant } }),
    typedSearchAttributes: indexedAs({ task: signature.task, root: workflowId, tenant }),
    staticSummary: `canvas ${signature.task}`.slice(0, 200),
  });
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

/** A valid canvas, and the names of the tasks that it calls. */
export interface CheckedCanvas {
  readonly signature: Signature;
  readonly tasks: ReadonlySet<string>;
}

/**
 * Parses and checks a canvas of unknown origin.
 *
 * @param options - override the options of the canvas
 * @throws InvalidInput with the path of the fault as its field
 */
export function checkCanvas(canvas: unknown, externalOnly: boolean, options?: unknown): CheckedCanvas {
  const tasks = new Set<string>();
  const policy: ParsePolicy = {
    knowsTask: (name) => {
      tasks.add(name);
      return mayBeCalled(name, externalOnly);
    },
    knowsQueue: isQueueName,
    knowsPipeline: isCanvasPipeline,
    checkPipelineInput,
    nowMs: Date.now(),
  };
  return withFields(() => {
    const signature = parseSignature(canvas, policy);
    parseCallOptions(signature, options, policy);
    requireOwnTaskIds(signature);
    return { signature, tasks };
  });
}

/** Checks the input of a pipeline, which has one argument or none. */
function checkPipelineInput(name: string, input: unknown, at: string): void {
  const schema = workflowArguments[name];
  if (schema === undefined) return;
  const isMissing = input === undefined || input === null;
  const parsed = schema.safeParse(isMissing ? [] : [input]);
  if (parsed.success) return;
  if (isMissing) throw new InvalidInput([{ field: at, expected: `an input of ${name}`, got: 'nothing' }]);
  // A pipeline has a single argument, so its index is left out of the path.
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: issue.path.slice(1) }));
  throw new InvalidInput(fieldFaults(issues, input, { at }));
}

function mayBeCalled(name: string, externalOnly: boolean): boolean {
  const task: AnyTask | undefined = findTask(name);
  return task !== undefined && (!externalOnly || task.external === true);
}
