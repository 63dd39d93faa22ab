import { type CanvasJobs, type CanvasView, type JobHandle, NotFound } from '../../../client/index.ts';
import { atOnce } from '../../../contracts/values/turns.ts';
import { checkCanvas } from '../../../client/canvas/input.ts';
import { canvasWorkflowId } from '../../../contracts/canvas/vocabulary.ts';
import type { CanvasTreeNode } from '../../../contracts/canvas/views.ts';

/** Where a run stands. */
export function canvasView(facts: Partial<CanvasView> = {}): CanvasView {
  return {
    id: 'canvas:c1',
    status: 'running',
    total: 10,
    waiting: 3,
    running: 2,
    retrying: 1,
    succeeded: 3,
    failed: 1,
    revoked: 0,
    replaced: 0,
    skipped: 0,
    kept: 0,
    over: false,
    startedAt: '2026-01-01T00:00:00.000Z',
    remainingMs: 90_000,
    retryOf: null,
    ...facts,
  };
}

/** A tree of one call in a group. */
export const CANVAS_TREE: CanvasTreeNode = {
  kind: 'group',
  role: 'root',
  path: 'root',
  state: 'running',
  size: 2,
  next: 1,
  children: [
    {
      kind: 'call',
      role: 'member',
      path: 'root/0',
      state: 'retrying',
      task: 'samples.add',
      id: 'x',
      part: 'canvas:c1/part/1',
      attempts: 2,
      queueWaitMs: 20,
      backoffMs: 4_000,
      failure: { type: 'BackendUnavailable', message: 'away' },
    },
  ],
};

/** Compositions that start and never end by themselves. */
export function fakeCanvas(
  log: (...call: unknown[]) => void,
  start: <T>(value: T) => Promise<T>,
  job: <T>(id: string) => JobHandle<T>,
): CanvasJobs {
  const runJson: CanvasJobs['runJson'] = async (canvas, options) => {
    log('canvas', canvas, options);
    if (options?.externalOnly === true) atOnce(checkCanvas(canvas, { externalOnly: true })); // as the real one, so that HTTP answers show it
    return start(job(canvasWorkflowId(options?.id ?? 'c1')));
  };
  return {
    run: runJson,
    runJson,
    start: (name, input, options) => {
      log('startCanvas', name, input, options);
      return start(job(canvasWorkflowId(options?.id ?? 'c1')));
    },
    get: (id) => job(canvasWorkflowId(id)),
    progress: (id) => (id === 'unknown' ? Promise.reject(new NotFound(id)) : Promise.resolve(canvasView({ id }))),
    tree: (id, query) => {
      log('tree', id, query);
      return Promise.resolve(CANVAS_TREE);
    },
    cancel: (id) => {
      log('cancelCanvas', id);
      return start(undefined);
    },
    revoke: (id, path) => {
      log('revokeCalls', id, path);
      return start({ status: 'revoked', id, path, calls: 2 });
    },
    failedMembers: () =>
      Promise.resolve([
        { path: 'root/1', task: 'samples.add', id: 'y', state: 'failed', type: 'FileMissing', message: 'gone' },
      ]),
    approvals: () =>
      Promise.resolve([{ path: 'root/1', message: 'Pay it?', since: '2026-01-01T00:00:00.000Z', until: null }]),
    approve: (id, path, decider) => {
      log('approve', id, path, decider);
      return Promise.resolve({ path, decision: 'approve', ...decider });
    },
    reject: (id, path, decider) => {
      log('reject', id, path, decider);
      return Promise.resolve({ path, decision: 'reject', ...decider });
    },
    retryFailed: (id) => {
      log('retryFailed', id);
      return start(job(`${id}.retry-1-00000000`));
    },
  };
}
