/** What the server says of a queue. */
import proto from '@temporalio/proto';
import { z } from 'zod';
import { rateOf } from '../../contracts/queues/rates.ts';
import type { Rpc } from '../connection/rpc.ts';

type DescribeTaskQueueResponse = Awaited<ReturnType<Rpc['client']['workflowService']['describeTaskQueue']>>;

const { TaskQueueType } = proto.temporal.api.enums.v1;
/** The kind of queue that is steered: that of activities. */
export const TYPE = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;

/** What we write into the server's reason, so that one field holds the whole state; also readable to people. */
const noteSchema = z.object({
  state: z.enum(['running', 'paused', 'draining']),
  reason: z.string(),
  by: z.string().optional(),
  /** The rate that somebody set, kept through a pause. */
  rate: z.object({ count: z.number(), perMs: z.number() }).optional(),
  /** Why and by whom the rate was set, as far as somebody said. */
  rateReason: z.string().optional(),
  rateBy: z.string().optional(),
});

/** What stands in the server's reason. */
export type Note = z.infer<typeof noteSchema>;

/** What the server says of a queue. */
export interface Look {
  readonly note: Note;
  readonly since: string | null;
  /** When the configuration was last changed, in nanoseconds of the server's clock; 0 if it never was. */
  readonly version: bigint;
  readonly backlog: number;
  readonly workers: number;
}

const OPEN: Note = { state: 'running', reason: '' };

/** Asks the server about a queue. @throws Unavailable */
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
    workers: new Set(answer.pollers.map(({ identity }) => identity)).size,
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

/** The moment of a change as one number, so that two changes within a second differ. */
export function versionOf(updateTime: UpdateTime): bigint {
  return BigInt(String(updateTime?.seconds ?? 0)) * 1_000_000_000n + BigInt(updateTime?.nanos ?? 0);
}

/** Somebody may have set the limit with Temporal's own tools: then the reason is their text, and the rate is theirs. */
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
