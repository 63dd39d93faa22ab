/** Parked steps that note what was asked. */
import type { ParkedDecided, ParkedJobs, ParkedRun } from '../../../client/index.ts';

export function parkedRun(facts: Partial<ParkedRun> = {}): ParkedRun {
  return {
    id: 'canvas:c1',
    name: 'celery.chain',
    tenant: null,
    steps: [
      {
        path: 'root/1',
        task: 'samples.add',
        failure: { type: 'FileMissing', message: 'no such file' },
        since: '2026-01-01T00:00:00.000Z',
        until: '2026-01-08T00:00:00.000Z',
      },
    ],
    waiting: 1,
    decisions: [
      { path: 'root/0', action: 'retry', by: 'ada', reason: 'it is back', at: '2026-01-01T00:00:00.000Z', steps: 1 },
    ],
    ...facts,
  };
}

export function fakeParked(log: (...call: unknown[]) => void): ParkedJobs {
  const decide =
    (action: ParkedDecided['action']) =>
    (id: string, decider: object = {}): Promise<ParkedDecided> => {
      log(`${action}Parked`, id, decider);
      return Promise.resolve({ id, action, paths: ['root/1'] });
    };
  return {
    list: (options) => {
      log('listParked', options);
      return Promise.resolve({ items: [parkedRun()], nextCursor: 'next' });
    },
    get: (id) => Promise.resolve(parkedRun({ id })),
    retry: decide('retry'),
    skip: decide('skip'),
    abort: decide('abort'),
  };
}
