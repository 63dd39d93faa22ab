/** Reads the state of a queue from the server. */
import proto from '@temporalio/proto';
import { z } from 'zod';
import { pollingProcesses } from '../../contracts/queues/pollers.ts';
import { rateOf } from '../../contracts/queues/rates.ts';
import type { Rpc } from '../connection/rpc.ts';

type DescribeTaskQueueResponse = Awaited<ReturnType<Rpc['client']['workflowService']['describeTaskQueue']>>;

const { TaskQueueType } = proto.temporal.api.enums.v1;
/** Kind of the controlled queues: activities. */
export const TYPE = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;

/** Content of the server's field `reason`, which holds the whole state in a form that people can read too. */
const noteSchema = z.object({
  state: z.enum(['running', 'paused', 'draining']),
  reason: z.string(),
  by: z.string().optional(),
  /** The rate that was set, kept during a pause. */
  rate: z.object({ count: z.number(), perMs: z.number() }).optional(),
  /** Reason and author of the rate, if given. */
  rateReason: z.string().optional(),
  rateBy: z.string().optional(),
});

/** Content of the server's field `reason`. */
export type Note = z.infer<typeof noteSchema>;

/** State of a queue on the server. */
export interface Look {
  readonly note: Note;
  readonly since: string | null;
  /** When the configuration was last changed, in nanoseconds of the server's clock; 0 if it never was. */
  readonly version: bigint;
  readonly backlog: number;
  readonly workers: number;
}

/** The state of a queue that nobody has changed. */
export const OPEN: Note = { state: 'running', reason: '' };

/** Reads a queue from the server. @throws Unavailable */
export async function look(rpc: Rpc, name: string): Promise<Look> {
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
    workers: pollingProcesses(answer.pollers, Date.now()).size,
  };
}

type UpdateTime = NonNullable<Limit['metadata']>['updateTime'];
type Limit = NonNullable<NonNullable<DescribeTaskQueueResponse['config']>['queueRateLimit']>;

function readLimit({ rateLimit, metadata }: Limit): Pick<Look, 'note' | 'since' | 'version'> {
  const { reason, updateIdentity, updateTime } = metadata ?? {};
  const perSecond = rateLimit ? (rateLimit.requestsPerSecond ?? 0) : undefined;
  return {
    note: readNote(reason ?? '', updateIdentity ?? '', perSecond),
    version: versionOf(updateTime),
    since: updateTime ? new Date(Number(updateTime.seconds ?? 0) * 1000).toISOString() : null,
  };
}

/** Converts the time of a change to one number, so that two changes within a second differ. */
export function versionOf(updateTime: UpdateTime): bigint {
  return BigInt(String(updateTime?.seconds ?? 0)) * 1_000_000_000n + BigInt(updateTime?.nanos ?? 0);
}

/** Parses the reason. When the limit was set with Temporal's tools, the reason is free text and the rate is the server's. */
function readNote(reason: string, by: string, perSecond: number | undefined): Note {
  return ownNote(reason) ?? foreignNote(reason, by, perSecond);
}

function ownNote(reason: string): Note | undefined {
  try {
    const parsed = noteSchema.safeParse(JSON.parse(reason));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function foreignNote(reason: string, by: string, perSecond: number | undefined): Note {
  const who = by === '' ? {} : { by };
  if (perSecond === undefined) return reason === '' ? OPEN : { state: 'running', reason, ...who };
  if (perSecond === 0) return { state: 'paused', reason, ...who };
  return {
    ...{ state: 'running', reason, ...who, rate: rateOf(perSecond) },
    ...(reason === '' ? {} : { rateReason: reason }),
    ...(by === '' ? {} : { rateBy: by }),
  };
}
