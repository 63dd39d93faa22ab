/** Text messages that note what was asked and send nothing. */
import type { JobHandle, MessageJobs } from '../../../client/index.ts';
import { messageWorkflowId } from '../../../contracts/messages/vocabulary.ts';

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
    getMessage: (id) => job(id),
  };
}
