/** Looks at queues and steers them through the server's own configuration of task queues. */
import proto from '@temporalio/proto';
import { z } from 'zod';
import { activityQueues } from '../../contracts/catalogue.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { type QueueRow, queueRow } from '../../contracts/queues/table.ts';
import { isQueueName, queues } from '../../contracts/queues/names.ts';
import { formatRate, perSecond, type Rate } from '../../contracts/queues/rates.ts';
import { REGIONAL_QUEUE, regionalQueue, REGIONS } from '../../contracts/queues/regions.ts';
import { Unavailable } from '../connection/errors.ts';
import type { QueueChange, QueueControls, QueueState, QueueView } from './types.ts';
import { pauseFor, type Rpc } from '../connection/rpc.ts';
import { validate } from '../connection/validate.ts';

type DescribeTaskQueueResponse = Awaited<ReturnType<Rpc['client']['workflowService']['describeTaskQueue']>>;

const { TaskQueueType } = proto.temporal.api.enums.v1;
const TYPE = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;

/** How long a state that calls are checked against may be old. */
const GATE_FRESH_MS = 1_000;

/** What we write into the server's reason, so that one field holds the whole state; also readable to people. */
const noteSchema = z.object({
  state: z.enum(['running', 'paused', 'draining']),
  reason: z.string(),
  by: z.string().optional(),
  /** The rate that somebody set, kept through a pause. */
  rate: z.object({ count: z.number(), perMs: z.number() }).optional(),
});
type Note = z.infer<typeof noteSchema>;

const changeSchema = z.strictObject({
  reason: z.string().trim().min(1).max(300),
  by: z.string().trim().min(1).max(100).optional(),
});

/** What calls ask before they start something. */
export interface QueueGate {
  /** @throws PerennialError `QueueDraining` */
  requireOpen(queue: string): Promise<void>;
}

/** Every queue that workers serve, those of regions included. */
function servedQueues(): readonly string[] {
  return [...activityQueues, ...REGIONS.map((region) => regionalQueue(region))].filter(
    (name) => name !== queues.system,
  );
}

/** Binds the steering of queues to a connection. */
export function createQueueControls(rpc: Rpc): { readonly controls: QueueControls; readonly gate: QueueGate } {
  const known = (name: string): string => {
    if (servedQueues().includes(name)) return name;
    throw new PerennialError(
      'UnknownQueue',
      `queue: expected one of ${servedQueues().join(', ')}, got '${name.slice(0, 100)}'`,
    );
  };
  const gate = createGate(rpc);
  const change = async (name: string, given: QueueChange, next: (now: Note) => Omit<Note, 'reason' | 'by'>) => {
    const { reason, by } = validate(changeSchema, given, 'change');
    const { note } = await look(rpc, known(name));
    await write(rpc, name, { ...next(note), reason, by: by ?? rpc.client.options.identity });
    gate.forget(name);
    return viewOf(name, await look(rpc, name));
  };
  const stateChange = (state: QueueState) => (name: string, given: QueueChange) =>
    change(name, given, ({ rate }) => ({ state, ...(rate === undefined ? {} : { rate }) }));
  return {
    gate,
    controls: {
      list: () => Promise.all(servedQueues().map(async (name) => viewOf(name, await look(rpc, name)))),
      get: async (name) => viewOf(known(name), await look(rpc, name)),
      pause: stateChange('paused'),
      resume: stateChange('running'),
      drain: stateChange('draining'),
      untilEmpty: (name, options) => untilEmpty(rpc, known(name), options),
      setRate: (name, rate, given) =>
        change(name, given, ({ state }) => ({ state, ...(rate === null ? {} : { rate }) })),
    },
  };
}

/** What the server says of a queue. */
interface Look {
  readonly note: Note;
  readonly since: string | null;
  readonly backlog: number;
  readonly workers: number;
}

const OPEN: Note = { state: 'running', reason: '' };

async function look(rpc: Rpc, name: string): Promise<Look> {
  const answer = await rpc.call(name, (client) =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name },
      taskQueueType: TYPE,
      reportStats: true,
      reportConfig: true,
    }),
  );
  return {
    ...readLimit(answer.config?.queueRateLimit ?? {}),
    backlog: Number(answer.stats?.approximateBacklogCount ?? 0),
    workers: new Set(answer.pollers.map(({ identity }) => identity)).size,
  };
}

type Limit = NonNullable<NonNullable<DescribeTaskQueueResponse['config']>['queueRateLimit']>;

function readLimit({ rateLimit, metadata }: Limit): Pick<Look, 'note' | 'since'> {
  const { reason, updateIdentity, updateTime } = metadata ?? {};
  const paused = rateLimit ? (rateLimit.requestsPerSecond ?? 0) === 0 : false;
  return {
    note: readNote(reason, updateIdentity, paused),
    since: updateTime ? new Date(Number(updateTime.seconds ?? 0) * 1000).toISOString() : null,
  };
}

/** Somebody may have set the limit with Temporal's own tools: then the reason is their text. */
function readNote(reason: string | null | undefined, by: string | null | undefined, paused: boolean): Note {
  const foreign: Note = { state: paused ? 'paused' : 'running', reason: reason ?? '', ...(by ? { by } : {}) };
  if (!reason) return paused ? foreign : OPEN;
  try {
    const parsed = noteSchema.safeParse(JSON.parse(reason));
    return parsed.success ? parsed.data : foreign;
  } catch {
    return foreign;
  }
}

/** A limit of 0 stops the queue; none leaves it to the workers' own, which the table of queues says. */
async function write(rpc: Rpc, name: string, note: Note): Promise<void> {
  const requestsPerSecond = note.state === 'paused' ? 0 : note.rate === undefined ? undefined : perSecond(note.rate);
  await rpc.call(name, (client) =>
    client.workflowService.updateTaskQueueConfig({
      namespace: client.options.namespace,
      identity: note.by ?? client.options.identity,
      taskQueue: name,
      taskQueueType: TYPE,
      updateQueueRateLimit: {
        ...(requestsPerSecond === undefined ? {} : { rateLimit: { requestsPerSecond } }),
        reason: JSON.stringify(note),
      },
    }),
  );
}

function rowOf(name: string): QueueRow {
  return queueRow(isQueueName(name) ? name : REGIONAL_QUEUE);
}

function viewOf(name: string, { note, since, backlog, workers }: Look): QueueView {
  const { source, priority, rate: tableRate } = rowOf(name);
  const rate: Rate | undefined = note.rate ?? tableRate;
  return {
    name,
    source: source?.name ?? null,
    priority,
    state: note.state,
    reason: note.reason === '' ? null : note.reason,
    by: note.by ?? null,
    since,
    rate: rate === undefined ? null : formatRate(rate),
    backlog,
    workers,
  };
}

async function untilEmpty(
  rpc: Rpc,
  name: string,
  { timeoutMs = Number.POSITIVE_INFINITY, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs;
  // Twice in a row, because the server's count is an estimate.
  for (let empty = 0; empty < 2;) {
    const { backlog } = await look(rpc, name);
    empty = backlog === 0 ? empty + 1 : 0;
    if (empty >= 2) return;
    if (Date.now() > giveUpAt || signal?.aborted)
      throw new Unavailable(`The queue ${name} still holds about ${backlog} tasks.`);
    await pauseFor(Math.min(500, Math.max(0, giveUpAt - Date.now())), signal);
  }
}

/** Remembers for a moment what it was told, so that a stream of calls asks once a second. */
function createGate(rpc: Rpc): QueueGate & { forget(queue: string): void } {
  const seen = new Map<string, { readonly at: number; readonly note: Promise<Note> }>();
  const noteOf = (queue: string): Promise<Note> => {
    const last = seen.get(queue);
    if (last !== undefined && Date.now() - last.at < GATE_FRESH_MS) return last.note;
    const note = look(rpc, queue).then((found) => found.note);
    // What could not be asked is not remembered.
    note.catch(() => seen.delete(queue));
    seen.set(queue, { at: Date.now(), note });
    return note;
  };
  return {
    forget: (queue) => void seen.delete(queue),
    requireOpen: async (queue) => {
      const { state, reason, by } = await noteOf(queue);
      if (state !== 'draining') return;
      throw new PerennialError(
        'QueueDraining',
        `queue: expected a queue that takes calls, got '${queue}', which ${by ?? 'somebody'} is draining: ${reason}`,
      );
    },
  };
}
