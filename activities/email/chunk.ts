import type { ChunkOutcome } from '../../contracts/email/schema.ts';
import { emailRetry } from '../../contracts/email/tasks.ts';
import { retryDelayMs } from '../../contracts/tasks/definition.ts';
import type { Delivered, OutgoingEmail } from '../../services/email/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { EmailPorts } from './ports.ts';

/** Which pass of which mailing a chunk belongs to. */
export interface ChunkOptions {
  readonly bulkId?: string;
  /** From 1. */
  readonly round: number;
  /** Who asks to wait now has failed. */
  readonly giveUp: boolean;
}

/** How often the heartbeat carries new figures, in messages. */
const PROGRESS_EVERY = 50;

/** Sends a chunk of a mailing and counts what became of it. */
export async function deliverChunk(
  { mailer, retryDelayScale }: EmailPorts,
  messages: readonly OutgoingEmail[],
  { bulkId, round, giveUp }: ChunkOptions,
  context: TaskContext,
): Promise<ChunkOutcome> {
  const delivered = await mailer.deliver(messages, {
    signal: context.signal,
    giveUp,
    // The last attempt tells each recipient why, in place of failing them all with one error.
    giveUpOnServer: context.attempt >= emailRetry.attempts,
    onProgress: (done) => {
      if (done % PROGRESS_EVERY === 0) context.heartbeat({ done, of: messages.length });
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
