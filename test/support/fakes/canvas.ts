import type { CanvasJobs, JobHandle } from '../../../client/index.ts';
import { checkCanvas } from '../../../client/canvas.ts';
import { canvasWorkflowId } from '../../../contracts/canvas.ts';

/** Compositions that start and never end by themselves. */
export function fakeCanvas(
  log: (...call: unknown[]) => void,
  start: <T>(value: T) => Promise<T>,
  job: <T>(id: string) => JobHandle<T>,
): CanvasJobs {
  const runJson: CanvasJobs['runJson'] = async (canvas, options) => {
    log('canvas', canvas, options);
    if (options?.externalOnly === true) checkCanvas(canvas, true); // as the real one, so that HTTP answers show it
    return start(job(canvasWorkflowId(options?.id ?? 'c1')));
  };
  return {
    run: runJson,
    runJson,
    get: (id) => job(canvasWorkflowId(id)),
  };
}
