/** Dead letters that note what was asked. */
import type { DeadLetter, DeadLetterJobs } from '../../../client/index.ts';

export function deadLetter(facts: Partial<DeadLetter> = {}): DeadLetter {
  return {
    ...{ taskId: 't1', taskName: 'samples.addOne', args: [], kwargs: { data: 1 } },
    ...{ errorType: 'BackendUnavailable', errorMessage: 'no answer', traceback: '    at body (task.ts:1:1)' },
    ...{ retryCount: 2, failedAt: '2026-01-01T00:00:00.000Z', requeuedAt: null, resolved: false },
    ...{ failureClass: 'transient', workflow: 'runTask', workflowId: 't1', runId: 'r1', stepPath: 'samples.addOne' },
    ...{ queue: 'documents.default', priority: null, tenant: null, fingerprint: '0f3c9a51be77', version: '1.0.0' },
    ...{ quarantined: false, redrivenAs: null, resolution: null, resolvedBy: null, resolvedAt: null, reason: null },
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
    get: (taskId) => Promise.resolve(deadLetter({ taskId })),
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
    redriveAll: (filter, options = {}) => {
      const { signal: _signal, ...told } = options;
      log('redriveAll', filter, told);
      return Promise.resolve({
        ...{
          dryRun: told.dryRun ?? false,
          letters: 3,
          runs: 2,
          causes: 1,
          stepsKept: 8,
          stepsAgain: 3,
          quarantined: 1,
        },
        started: told.dryRun === true ? [] : [{ workflowId: 't1', id: 't1.retry-1-0badcafe' }],
        notStarted: told.dryRun === true ? [] : [{ workflowId: 't2', reason: 'no such task' }],
      });
    },
    resolve: closed('resolved'),
    discard: closed('discarded'),
  };
}
