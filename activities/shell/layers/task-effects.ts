/** Carries what a body asks of its run: it is asked for once the body has succeeded. */
import { resultWithEffects } from '../../../canvas/model/task-effects.ts';
import { type ParsePolicy, parseSignature } from '../../../canvas/signature/parse.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { isCanvasPipeline } from '../../../contracts/canvas/pipelines.ts';
import { findTask } from '../../../contracts/catalogue.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { isQueueName } from '../../../contracts/queues/names.ts';
import type { Layer } from '../layer.ts';
import type { TaskEffects } from '../task-body.ts';

/** Canvases that one call may send: each costs the run a few events. */
export const MOST_SENDS = 100;

/** Ends a body whose task is to be replaced. */
class Replacement extends Error {
  readonly canvas: Signature;

  constructor(canvas: Signature) {
    super('replaced by a canvas');
    this.canvas = canvas;
  }
}

type Named = { readonly name: string };

/** Where a row does not say `composes`, a body that asks for a canvas fails. */
export const taskEffects: Layer = (call, next) => {
  const { task } = call;
  return task.composes === true ? composing(call, next) : next({ ...call, effects: refusedEffects(task) });
};

/** What the body of a task without `composes` is given. */
export function refusedEffects(task: Named): TaskEffects {
  const refuse = (): never => {
    throw invalid(task, `expected its row to say 'composes: true', got no such word`);
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

/** Moments in it may have passed: it comes from a task, not from a person. */
const POLICY: ParsePolicy = {
  timing: 'lenient',
  knowsTask: (name) => findTask(name) !== undefined,
  knowsQueue: isQueueName,
  knowsPipeline: isCanvasPipeline,
};

function checked(task: Named, canvas: Signature): Signature {
  try {
    return parseSignature(canvas, POLICY);
  } catch (error) {
    throw error instanceof PerennialError ? invalid(task, error.message) : error;
  }
}

function invalid({ name }: Named, message: string): PerennialError {
  return new PerennialError('InvalidOutput', `${name}: ${message}`);
}
