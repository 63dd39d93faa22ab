/** Collects the effects that a body asks for and passes them to its run once the body has succeeded. */
import { resultWithEffects } from '../../../canvas/model/task-effects.ts';
import { markArguments } from '../../../canvas/signature/mark-arguments.ts';
import { parseSignature } from '../../../canvas/signature/parse.ts';
import type { ParsePolicy } from '../../../canvas/signature/policy.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { isCanvasPipeline } from '../../../contracts/canvas/pipelines.ts';
import { findTask, isQueue, sealsInput } from '../../../contracts/register.schema.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import type { Layer } from '../layer.ts';
import type { TaskEffects } from '../task-body.ts';

/** Most canvases that one call may send, because each adds events to the history of the run. */
export const MOST_SENDS = 100;

/** Ends the body of a task that is replaced by a canvas. */
class Replacement extends Error {
  readonly canvas: Signature;

  constructor(canvas: Signature) {
    super('replaced by a canvas');
    this.canvas = canvas;
  }
}

type Named = { readonly name: string };

/** Provides the effects; without `composes` in the row, a body that asks for a canvas fails. */
export const taskEffects: Layer = (call, next) => {
  const { task } = call;
  return task.composes === true ? composing(call, next) : next({ ...call, effects: refusedEffects(task) });
};

/** Creates the effects of a task without `composes`, which refuse every canvas. */
export function refusedEffects(task: Named): TaskEffects {
  const refuse = (): never => {
    throw invalid(task, `expected its row to have 'composes: true', got none`);
  };
  return { replaceWith: refuse, send: refuse };
}

const composing: Layer = async (call, next) => {
  const { task } = call;
  const sends: Signature[] = [];
  const effects: TaskEffects = {
    replaceWith: (canvas) => {
      throw new Replacement(checked(task, canvas));
    },
    send: (canvas) => {
      if (sends.length >= MOST_SENDS)
        throw invalid(task, `expected at most ${MOST_SENDS} canvases to send, got one more; send a group`);
      sends.push(checked(task, canvas));
    },
  };
  try {
    const value = await next({ ...call, effects });
    return sends.length === 0 ? value : resultWithEffects({ value, sends });
  } catch (error) {
    if (error instanceof Replacement) return resultWithEffects({ replacedBy: error.canvas, sends });
    throw error;
  }
};

/** Accepts times in the past, because the canvas comes from a task and its times may have passed since. */
const POLICY: ParsePolicy = {
  timing: 'lenient',
  knowsTask: (name) => findTask(name) !== undefined,
  knowsQueue: isQueue,
  knowsPipeline: isCanvasPipeline,
};

function checked(task: Named, canvas: Signature): Signature {
  try {
    return markArguments(parseSignature(canvas, POLICY), sealsInput);
  } catch (error) {
    throw error instanceof PerennialError ? invalid(task, error.message) : error;
  }
}

function invalid({ name }: Named, message: string): PerennialError {
  return new PerennialError('InvalidOutput', `${name}: ${message}`);
}
