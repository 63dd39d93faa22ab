/**
 * The activities of the e-mail domain as a script in memory: what each chunk or
 * slice does is told beforehand, what was asked is recorded. For workflow tests
 * and recorded histories.
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import type {
  ChunkOutcome,
  PrepareBulkInput,
  SendBulkChunkInput,
  SendEmailInput,
  UserSliceOutput,
} from '../../../contracts/email/schema.ts';
import type { KeptStep } from '../../../contracts/dlq/steps.ts';
import { failures, type FailureType } from '../../../contracts/failures.ts';
import { isRetriedClass } from '../../../contracts/failures/rule.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { work } from '../work.ts';

export interface EmailScript {
  /** Recipients of a bulk. @defaultValue 3 */
  readonly total?: number;
  /** Recipients of the first chunk that ask to wait, in so many rounds; refused in the last one. */
  readonly deferred?: { readonly recipients: number; readonly rounds: number };
  /** A task that fails with this type in its first attempts. @defaultValue always */
  readonly fails?: { readonly task: string; readonly type: FailureType; readonly times?: number };
  /** How long one chunk takes, in milliseconds; cancellation ends it. */
  readonly takesMs?: number;
  /** Users, in slices of 500. */
  readonly users?: number;
  /** Steps that a run before has done, in pieces of one. */
  readonly kept?: readonly KeptStep[];
}

export interface ScriptedEmail {
  readonly activities: Activities;
  /** Every call, as `[task, input]`. */
  readonly calls: [task: string, input: unknown][];
  callsOf(task: string): unknown[];
}

const BLOB = { store: 'file', key: 'mailings/00/00', size: 1, sha256: '0'.repeat(64) } as const;
const sent = (recipient: string) => ({ status: 'sent', recipient, messageId: '<1@example.com>' }) as const;

export function scriptEmail(script: EmailScript = {}): ScriptedEmail {
  const { total = 3, deferred, fails, takesMs, users = 0, kept = [] } = script;
  const calls: ScriptedEmail['calls'] = [];

  const part = (count: number, first: boolean, round: number): ChunkOutcome => {
    const waiting = first && deferred !== undefined && round <= deferred.rounds ? deferred.recipients : 0;
    const failed = round >= 6 ? waiting : 0;
    const again = waiting - failed;
    return { sent: count - waiting, failed, duplicates: 0, deferred: again, againAfterMs: again > 0 ? 5 : 0 };
  };
  const slice = ({ after, limit, round }: { after: string; limit: number; round: number }): UserSliceOutput => {
    const start = after === '' ? 0 : Number(after);
    const count = Math.min(limit, users - start);
    const next = count === limit ? String(start + count) : null;
    return { ...part(count, start === 0, round), users: count, next };
  };
  const bodies: Readonly<Record<string, (input: never) => unknown>> = {
    'email.send': ({ to }: SendEmailInput) => sent(String(to)),
    'email.sendVerification': ({ to }: { to: string }) => sent(to),
    'email.sendWelcome': ({ to }: { to: string }) => sent(to),
    'email.createUserProfile': ({ userId }: { userId: string }) => ({
      status: 'success',
      user_id: userId,
      created: true,
    }),
    'email.prepareBulk': (_input: PrepareBulkInput) => ({ total, recipients: BLOB, message: BLOB }),
    'email.sendBulkChunk': async ({ first, count, round }: SendBulkChunkInput) => {
      if (takesMs !== undefined && first > 0) await work(takesMs);
      return part(count, first === 0, round);
    },
    'email.finishBulk': ({ bulkId }: { bulkId: string }) => ({
      status: 'finished',
      group_id: bulkId,
      total_emails: total,
      sent: total,
      failed: 0,
      duplicates: 0,
      pending: 0,
    }),
    'email.sendDigests': slice,
    'email.sendReminders': slice,
    'dlq.readSteps': ({ piece }: { piece: number }) => ({
      steps: kept.slice(piece, piece + 1),
      more: piece < kept.length,
    }),
  };
  const activities = Object.fromEntries(
    Object.entries(bodies).map(([task, body]) => [
      task,
      async (input: unknown): Promise<unknown> => {
        calls.push([task, input]);
        if (task === fails?.task) failAsScripted(fails);
        const result: unknown = await body(input as never); // each takes the one input of its task
        return result;
      },
    ]),
  );
  return {
    activities,
    calls,
    callsOf: (task) => calls.filter(([name]) => name === task).map(([, input]) => input),
  };
}

function failAsScripted({ type, times = Infinity }: NonNullable<EmailScript['fails']>): void {
  if (Context.current().info.attempt > times) return;
  const retried = isRetriedClass(failures[type].class);
  throw ApplicationFailure.create({
    type,
    message: `scripted ${type}`,
    ...(retried ? { nextRetryDelay: 5 } : { nonRetryable: true }),
  });
}
