/** Text messages that note what was asked and send nothing. */
import type { JobHandle, MessageJobs } from '../../../client/index.ts';
import { messageWorkflowId, messageWorkflows } from '../../../contracts/messages/vocabulary.ts';

export function fakeMessages(log: (...call: unknown[]) => void, jobResult: () => Promise<unknown>): MessageJobs {
  const job = <T>(id: string): JobHandle<T> => ({
    id,
    result: () => jobResult() as Promise<T>, // the test says what it is
    status: () => Promise.resolve('completed'),
    cancel: () => Promise.resolve(),
  });
  return {
    send: (message) => {
      log('messages.send', message);
      return Promise.resolve(job(messageWorkflowId('m1')));
    },
    sendMonthlyReports: () => {
      log('messages.sendMonthlyReports');
      return Promise.resolve(job(messageWorkflows.sendMonthlyReports));
    },
    sendWeeklyCheckins: () => {
      log('messages.sendWeeklyCheckins');
      return Promise.resolve(job(messageWorkflows.sendWeeklyCheckins));
    },
    getMessage: (id) => job(id),
  };
}
