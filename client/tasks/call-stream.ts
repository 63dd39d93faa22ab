/** Coalesces calls that are made within a few milliseconds into one start on the server. */
import { randomUUID } from 'node:crypto';
import {
  streamedCallsWorkflowId,
  type StreamedCall,
  type RunStreamedCallsInput,
  MAX_STREAMED_CALLS,
  MAX_STREAMED_CHARACTERS,
} from '../../contracts/tasks/streamed-calls.ts';
import type { CallFacts } from '../../contracts/tasks/calls.ts';
import type { TaskInput, TaskName, TaskOutput } from '../../contracts/catalogue.ts';
import { packedAmong } from '../../contracts/register.schema.ts';
import { queues } from '../../contracts/queues/names.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import type { Rpc } from '../connection/rpc.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import { streamedCalls } from './streamed-calls.ts';
import type { AnyWorkflow, PreparedCall } from './prepare-call.ts';
import type { CallOptions } from './call-options.ts';
import type { CallStreamOptions, TaskHandle, CallStream } from './types.ts';

/** Functions that a stream uses. */
export interface CallStreamPorts {
  /** Checks a call and that its queue accepts calls. */
  readonly prepare: (name: string, input: unknown, options: CallOptions) => Promise<PreparedCall>;
  /** Makes a call in a run of its own. */
  readonly alone: (call: PreparedCall) => Promise<TaskHandle<unknown>>;
}

interface Waiting {
  readonly first: PreparedCall;
  readonly calls: StreamedCall[];
  readonly told: {
    readonly resolve: (handle: TaskHandle<unknown>) => void;
    readonly reject: (error: unknown) => void;
  }[];
  characters: number;
  readonly timer: NodeJS.Timeout;
}

const DEFAULT_WAIT_MS = 5;

/** Options that require a run of its own. */
const OF_ITS_OWN = [
  'id',
  'idempotencyKey',
  'countdown',
  'eta',
  'expires',
  'tags',
  'link',
  'linkError',
  'limits',
] as const;

/** Opens a stream. */
export function createCallStream(
  rpc: Rpc,
  parts: CallStreamPorts,
  { maxWaitMs = DEFAULT_WAIT_MS }: CallStreamOptions,
): CallStream {
  const waiting = new Map<string, Waiting>();
  const sending = new Set<Promise<void>>();
  const send = (key: string): void => {
    const batch = waiting.get(key);
    if (batch === undefined) return;
    waiting.delete(key);
    clearTimeout(batch.timer);
    const sent = startBatch(rpc, batch).finally(() => sending.delete(sent));
    sending.add(sent);
  };
  const join = (call: PreparedCall): Promise<TaskHandle<unknown>> => {
    const { input } = call;
    const key = keyOf(call);
    const characters = JSON.stringify(input).length;
    const open = waiting.get(key);
    if (open !== undefined && open.characters + characters > MAX_STREAMED_CHARACTERS) send(key);
    let batch = waiting.get(key);
    if (batch === undefined) {
      const timer = setTimeout(send, maxWaitMs, key);
      batch = { first: call, calls: [], told: [], characters: 0, timer };
      waiting.set(key, batch);
    }
    const { calls, told } = batch;
    batch.characters += characters;
    calls.push({ input, ...factsOf(call) });
    const handle = new Promise<TaskHandle<unknown>>((resolve, reject) => told.push({ resolve, reject }));
    if (calls.length >= MAX_STREAMED_CALLS) send(key);
    return handle;
  };
  const flush = async (): Promise<void> => {
    for (const key of [...waiting.keys()]) send(key);
    await Promise.all(sending);
  };
  return {
    call: async <N extends TaskName>(name: N, input: TaskInput<N>, options: CallOptions = {}) => {
      const call = await parts.prepare(name, input, options);
      const handle = mustBeAlone(call, options) ? parts.alone(call) : join(call);
      return (await handle) as TaskHandle<TaskOutput<N>>; // the result type belongs to the task of this name
    },
    flush,
  };
}

function mustBeAlone(call: PreparedCall, options: CallOptions): boolean {
  return (
    call.task.composes === true ||
    call.facts.limits !== undefined ||
    call.facts.parkMs !== undefined ||
    OF_ITS_OWN.some((option) => options[option] !== undefined)
  );
}

/** Returns the key by which calls share a run: task, tenant and priority, which nested calls inherit from the run. */
function keyOf({ task, priority, facts }: PreparedCall): string {
  return `${task.name} ${priority} ${facts.tenant ?? ''}`;
}

function factsOf({
  facts: { queue, softMs, hardMs, ignoreResult, headers },
}: PreparedCall): Pick<StreamedCall, 'facts'> {
  const facts: Partial<CallFacts> = { queue, softMs, hardMs, ignoreResult, headers };
  return Object.values(facts).every((fact) => fact === undefined) ? {} : { facts };
}

async function startBatch(rpc: Rpc, { first, calls, told }: Waiting): Promise<void> {
  const batchId = streamedCallsWorkflowId(randomUUID());
  const { task, facts, start } = first;
  const { tenant } = facts;
  const packed = packedAmong([task.name]);
  const batch: RunStreamedCallsInput = { task: task.name, calls, tenant, packed };
  try {
    await rpc.call(batchId, (client) =>
      client.workflow.start<AnyWorkflow>(taskWorkflows.runStreamedCalls, {
        workflowId: batchId,
        taskQueue: queues.workflows,
        args: [batch],
        memo: { calls: calls.length },
        staticSummary: `${calls.length} calls of ${task.name}`,
        ...(start.priority === undefined ? {} : { priority: start.priority }),
        typedSearchAttributes: indexedAs({ task: task.name, root: batchId, tenant }),
      }),
    );
  } catch (error) {
    for (const { reject } of told) reject(error);
    return;
  }
  const handles = streamedCalls(rpc, batchId);
  for (const [index, { resolve }] of told.entries()) resolve(handles.handle(index));
}
