import type { CanvasJobs, JobHandle } from '../../../client/index.ts';
import { canvasWorkflowId } from '../../../contracts/canvas.ts';

/** Compositions that start and never end by themselves. */
export function fakeCanvas(
  log: (...call: unknown[]) => void,
  start: <T>(value: T) => Promise<T>,
  job: <T>(id: string) => JobHandle<T>,
): CanvasJobs {
  const runJson: CanvasJobs['runJson'] = (canvas, options) => {
    log('canvas', canvas, options);
    return start(job(canvasWorkflowId(options?.id ?? 'c1')));
  };
  return {
    run: runJson,
    runJson,
    get: (id) => job(canvasWorkflowId(id)),
  };
}
