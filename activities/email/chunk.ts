import type { ChunkOutcome } from '../../contracts/email/schema.ts';
import { emailRetry } from '../../contracts/email/tasks.ts';
import { retryDelayMs } from '../../contracts/tasks/retry-rules.ts';
import type { Delivered, OutgoingEmail } from '../../services/email/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { EmailPorts } from './ports.ts';

/** The mailing and the round of a chunk. */
export interface ChunkOptions {
  readonly bulkId?: string;
  /** Number of the round, from 1. */
  readonly round: number;
  /** True in the last round, in which a deferred recipient has failed. */
  readonly giveUp: boolean;
}

/** Messages between two updates of the heartbeat's details. */
const PROGRESS_EVERY = 50;

/** Sends a chunk of a mailing and counts the outcomes. */
export async function deliverChunk(
  { mailer, retryDelayScale }: EmailPorts,
  messages: readonly OutgoingEmail[],
  { bulkId, round, giveUp }: ChunkOptions,
  context: TaskContext,
): Promise<ChunkOutcome> {
  const delivered = await mailer.deliver(messages, {
    signal: context.signal,
    giveUp,
    // The last attempt records a failure for each recipient instead of failing all of them with one error.
    giveUpOnServer: context.attempt >= emailRetry.attempts,
    onProgress: (done) => {
      if (done % PROGRESS_EVERY === 0) context.progress({ done, of: messages.length });
    },
    ...(bulkId === undefined ? {} : { bulkId }),
  });
  const of = (status: Delivered['status']): number => delivered.filter((outcome) => outcome.status === status).length;
  const pauses = delivered.flatMap((outcome) =>
    outcome.status === 'deferred' ? [outcome.failure.retryAfterMs ?? retryDelayMs(emailRetry, round)] : [],
  );
  return {
    sent: of('sent'),
    failed: of('failed'),
    duplicates: 0,
    deferred: pauses.length,
    againAfterMs: Math.ceil(Math.max(0, ...pauses) * retryDelayScale),
  };
}
