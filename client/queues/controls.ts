/** Reads and changes queues through the server's configuration of task queues. */
import { z } from 'zod';
import { activityQueues, isQueue, queueOf } from '../../contracts/register.schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { QueueRow } from '../../contracts/queues/table.ts';
import { queues } from '../../contracts/queues/names.ts';
import { formatRate, perSecond, type Rate } from '../../contracts/queues/rates.ts';
import { REGIONAL_QUEUE, regionalQueue, REGIONS } from '../../contracts/queues/regions.ts';
import { Unavailable } from '../connection/errors.ts';
import type { ClientContext } from '../domain.ts';
import { look, type Look, type Note, TYPE, versionOf } from './look.ts';
import type { QueueChange, QueueControls, QueueState, QueueView } from './types.ts';
import { pauseFor, type Rpc } from '../connection/rpc.ts';
import { validate } from '../connection/validate.ts';
import { perhaps } from '../connection/similar.ts';

const changeSchema = z.strictObject({
  reason: z.string().trim().min(1).max(300),
  by: z.string().trim().min(1).max(100).optional(),
});

/** Time within which the server must show a change, and time between two reads, in milliseconds. */
const SHOWN_WITHIN_MS = 10_000;
const SHOWN_EVERY_MS = 100;

/** Returns every queue that workers serve, including regional ones. */
function servedQueues(): readonly string[] {
  return [...activityQueues(), ...REGIONS.map((region) => regionalQueue(region))].filter(
    (name) => name !== queues.system,
  );
}

/** Binds the control of queues to a connection. */
export function createQueueControls({ rpc, gate }: Pick<ClientContext, 'rpc' | 'gate'>): QueueControls {
  const known = (name: string): string => {
    const served = servedQueues();
    if (served.includes(name)) return name;
    throw new PerennialError(
      'UnknownQueue',
      `queue: expected one of ${served.join(', ')}${perhaps(name, served)}, got '${name.slice(0, 100)}'`,
    );
  };
  const change = async (name: string, given: QueueChange, next: (now: Note) => Omit<Note, 'reason' | 'by'>) => {
    const { reason, by } = validate(changeSchema, given, 'change');
    const { note } = await look(rpc, known(name));
    const version = await write(rpc, name, { ...next(note), reason, by: by ?? rpc.client.options.identity });
    const shown = await lookSince(rpc, name, version);
    gate.forget(name);
    return viewOf(name, shown);
  };
  const stateChange = (state: QueueState) => (name: string, given: QueueChange) =>
    // The rate is kept, even if it was set with another tool.
    change(name, given, ({ rate, rateReason, rateBy }) => ({
      state,
      ...(rate === undefined ? {} : { rate, ...said({ rateReason, rateBy }) }),
    }));
  return {
    list: () => Promise.all(servedQueues().map(async (name) => viewOf(name, await look(rpc, name)))),
    get: async (name) => viewOf(known(name), await look(rpc, name)),
    pause: stateChange('paused'),
    resume: stateChange('running'),
    drain: stateChange('draining'),
    untilEmpty: (name, options) => untilEmpty(rpc, known(name), options),
    setRate: (name, rate, given) =>
      change(name, given, ({ state }) => ({
        state,
        ...(rate === null
          ? {}
          : { rate, ...said({ rateReason: given.reason, rateBy: given.by ?? rpc.client.options.identity }) }),
      })),
  };
}

function said(who: { rateReason?: string | undefined; rateBy?: string | undefined }): Partial<Note> {
  return Object.fromEntries(Object.entries(who).filter(([, text]) => text !== undefined && text !== ''));
}

/**
 * Writes the configuration and returns its version. A limit of 0 stops the queue; without a limit the workers'
 * own holds, which the table of queues says.
 */
async function write(rpc: Rpc, name: string, note: Note): Promise<bigint> {
  const requestsPerSecond = note.state === 'paused' ? 0 : note.rate === undefined ? undefined : perSecond(note.rate);
  const answer = await rpc.call(name, (client) =>
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
  return versionOf(answer.config?.queueRateLimit?.metadata?.updateTime);
}

/**
 * Looks until the server shows a change. The server keeps the configuration with the workflow side of a queue and
 * tells the activity side a moment later, so that a look right after a change can still show the state before it.
 *
 * @throws Unavailable - When the change is not shown within ten seconds.
 */
async function lookSince(rpc: Rpc, name: string, version: bigint): Promise<Look> {
  for (let waited = 0; waited <= SHOWN_WITHIN_MS; waited += SHOWN_EVERY_MS) {
    const shown = await look(rpc, name);
    if (shown.version >= version) return shown;
    await pauseFor(SHOWN_EVERY_MS);
  }
  throw new Unavailable(
    `The server took the change of the queue ${name} but does not show it after ${SHOWN_WITHIN_MS / 1000} s. Look at the queue again before you rely on it.`,
  );
}

function rowOf(name: string): QueueRow {
  return queueOf(isQueue(name) ? name : REGIONAL_QUEUE);
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
    rateReason: note.rateReason ?? null,
    rateBy: note.rateBy ?? null,
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
  // The backlog must be 0 twice in a row, because the server's count is an estimate.
  for (let empty = 0; empty < 2;) {
    const { backlog } = await look(rpc, name);
    empty = backlog === 0 ? empty + 1 : 0;
    if (empty >= 2) return;
    if (Date.now() > giveUpAt || signal?.aborted)
      throw new Unavailable(`The queue ${name} still holds about ${backlog} tasks.`);
    await pauseFor(Math.min(500, Math.max(0, giveUpAt - Date.now())), signal);
  }
}
