/** Media of which nothing is made: what was asked is noted. */
import type { JobHandle, MediaJobs } from '../../../client/index.ts';
import { mediaWorkflowId } from '../../../contracts/media/vocabulary.ts';

export function fakeMedia(log: (...call: unknown[]) => void, jobResult: () => Promise<unknown>): MediaJobs {
  const job = <T>(id: string): JobHandle<T> => ({
    id,
    result: () => jobResult() as Promise<T>, // the test says what it is
    status: () => Promise.resolve('completed'),
    cancel: () => Promise.resolve(),
  });
  return {
    makeVariants: (request) => {
      log('media.makeVariants', request);
      return Promise.resolve(job(mediaWorkflowId(request.mediaKey)));
    },
    processVideo: (request) => {
      log('media.processVideo', request);
      return Promise.resolve(job(mediaWorkflowId(request.mediaKey)));
    },
    get: (key) => job(mediaWorkflowId(key)),
  };
}
