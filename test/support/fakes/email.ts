/** Mail jobs that note what was asked and do nothing. */
import type { BulkHandle, EmailJobs, JobHandle } from '../../../client/index.ts';
import type { BulkEmailSummary } from '../../../contracts/email/schema.ts';
import { emailWorkflowId } from '../../../contracts/email/vocabulary.ts';

type Log = (...call: unknown[]) => void;

export function fakeEmail(log: Log, jobResult: () => Promise<unknown>): EmailJobs {
  const job = <T>(id: string): JobHandle<T> => ({
    id,
    result: () => jobResult() as Promise<T>, // the test says what it is
    status: () => Promise.resolve('completed'),
    cancel: () => {
      log('cancel', id);
      return Promise.resolve();
    },
  });
  const queued = (name: string, ...input: unknown[]) => {
    log(name, ...input);
    return Promise.resolve({ status: 'queued', task_id: emailWorkflowId('single', name) } as const);
  };
  const bulk = (id: string): BulkHandle => ({
    ...job<BulkEmailSummary>(id),
    progress: () =>
      Promise.resolve({ phase: 'finished', round: 1, total: 2, sent: 1, failed: 1, duplicates: 0, deferred: 0 }),
  });
  const started = <T>(name: string, ...input: unknown[]): Promise<JobHandle<T>> => {
    log(name, ...input);
    return Promise.resolve(job<T>(emailWorkflowId('single', name)));
  };
  return {
    send: (message) => started('email.send', message),
    sendVerification: (to, token) => queued('email.sendVerification', to, token),
    sendPasswordReset: (to, token) => queued('email.sendPasswordReset', to, token),
    sendWelcome: (to, name) => queued('email.sendWelcome', to, name),
    sendBulk: (input, options) => {
      log('email.sendBulk', input, options);
      const id = emailWorkflowId('bulk', options?.id ?? 'b1');
      return Promise.resolve({
        status: 'queued',
        total_emails: input.recipients?.length ?? 0,
        group_id: id,
        task_id: id,
      });
    },
    getBulk: (id) => bulk(id),
    getEmail: (id) => job(id),
    onboard: (user) => started('email.onboard', user),
    sendWeeklyDigest: () => started('email.sendWeeklyDigest'),
    sendInactiveReminders: () => started('email.sendInactiveReminders'),
  };
}
