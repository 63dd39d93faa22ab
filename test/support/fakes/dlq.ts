/** Dead letters that note what was asked. */
import type { DeadLetter, DeadLetterJobs, Redrive, RedriveHandle } from '../../../client/index.ts';

export function deadLetter(facts: Partial<DeadLetter> = {}): DeadLetter {
  return {
    ...{ taskId: 't1', taskName: 'samples.addOne', args: [], kwargs: { data: 1 } },
    ...{ errorType: 'BackendUnavailable', errorMessage: 'no answer', traceback: '    at body (task.ts:1:1)' },
    ...{ retryCount: 2, failedAt: '2026-01-01T00:00:00.000Z', requeuedAt: null, resolved: false },
    ...{ failureClass: 'transient', workflow: 'runTask', workflowId: 't1', runId: 'r1', stepPath: 'samples.addOne' },
    ...{ queue: 'documents.default', priority: null, tenant: null, fingerprint: '0f3c9a51be77', version: '1.0.0' },
    ...{
      quarantined: false,
      redrivenAs: null,
      redrive: null,
      resolution: null,
      resolvedBy: null,
      resolvedAt: null,
      reason: null,
    },
    ...facts,
  };
}

export function fakeDlq(log: (...call: unknown[]) => void): DeadLetterJobs {
  const closed =
    (resolution: 'resolved' | 'discarded'): DeadLetterJobs['resolve'] =>
    (taskId, resolving) => {
      log(resolution, taskId, resolving);
      return Promise.resolve(deadLetter({ taskId, resolved: true, resolution, resolvedBy: resolving?.by ?? null }));
    };
  return {
    list: (filter, paging) => {
      log('listLetters', filter, paging);
      const isFirst = paging?.after === undefined;
      return Promise.resolve({
        total: 2,
        items: [deadLetter({ taskId: isFirst ? 't1' : 't2' })],
        next: isFirst ? '1' : null,
      });
    },
    get: (taskId) =>
      Promise.resolve({
        ...deadLetter({ taskId }),
        history: [
          {
            ...{ what: 'redriven', at: '2026-01-01T00:00:00.000Z', by: 'ada', reason: 'put back', redrive: null },
            ...{ from: { workflowId: taskId, runId: 'r0' }, to: { workflowId: taskId, runId: 'r1' } },
          },
        ],
      }),
    causes: (filter, limit) => {
      log('causes', filter, limit);
      const { fingerprint, taskName, stepPath, errorType, failureClass, errorMessage, version, failedAt } =
        deadLetter();
      const what = { fingerprint, taskName, stepPath, errorType, failureClass, errorMessage, version };
      return Promise.resolve([{ ...what, letters: 137, runs: 130, firstAt: failedAt, lastAt: failedAt }]);
    },
    redrive: (taskId, options) => {
      log('redrive', taskId, options);
      return Promise.resolve({ workflowId: taskId, id: `${taskId}.retry-1-0badcafe` });
    },
    redriveAll: (filter, options) => {
      log('redriveAll', filter, options);
      return Promise.resolve(fakeRedrive(log, 'redrive-1'));
    },
    dryRun: (filter, options = {}) => {
      const { signal: _signal, ...told } = options;
      log('dryRun', filter, told);
      return Promise.resolve({ letters: 3, runs: 2, causes: 1, stepsKept: 8, stepsAgain: 3, quarantined: 1 });
    },
    getRedrive: (id) => fakeRedrive(log, id),
    redrives: (paging) => {
      log('redrives', paging);
      const isFirst = paging?.cursor === undefined;
      return Promise.resolve({
        items: [redrive(isFirst ? 'redrive-1' : 'redrive-2')],
        nextCursor: isFirst ? 'x' : null,
      });
    },
    resolve: closed('resolved'),
    discard: closed('discarded'),
  };
}

/** A redrive that is over; one run could not be started. */
function redrive(id: string): Redrive {
  return {
    ...{ id, state: 'finished', filter: { fingerprint: '0f3c9a51be77' }, by: 'ada', reason: 'put back', perSecond: 10 },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:01:00.000Z' },
    ...{ done: 1, left: 0, failed: 1, taken: 0, quarantined: 1 },
    reasons: [{ workflowId: 't2', reason: 'no such task' }],
    interventions: [{ what: 'pause', by: 'bob', at: '2026-01-01T00:00:30.000Z' }],
  };
}

function fakeRedrive(log: (...call: unknown[]) => void, id: string): RedriveHandle {
  const { startedAt, done, left, failed, taken, quarantined, reasons, interventions } = redrive(id);
  const counts = { startedAt, done, left, failed, taken, quarantined, reasons, interventions };
  const told =
    (what: string) =>
    (by?: string): Promise<void> => {
      log(what, id, by);
      return Promise.resolve();
    };
  return {
    id,
    result: () => Promise.resolve({ paused: false, aborted: false, ...counts }),
    status: () => Promise.resolve('completed'),
    cancel: told('cancelRedrive'),
    show: () => Promise.resolve(redrive(id)),
    async *follow() {
      yield await Promise.resolve(redrive(id));
    },
    pause: told('pauseRedrive'),
    resume: told('resumeRedrive'),
    abort: told('abortRedrive'),
  };
}
