/** What the body of a task may ask of the run that has called it; it is asked for once the body has succeeded. */
import { asking } from '../../canvas/model/task-effects.ts';
import { type ParsePolicy, parseSignature } from '../../canvas/signature/parse.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import { isCanvasPipeline } from '../../contracts/canvas/pipelines.ts';
import { findTask } from '../../contracts/catalogue.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { isQueueName } from '../../contracts/queues/names.ts';
import type { TaskDefinition } from '../../contracts/tasks/definition.ts';

/** Canvases that one call may send: each costs the run a few events. */
export const MOST_SENDS = 100;

/** What a body may ask for, if the row of its task says `composes`. */
export interface Asking {
  /**
   * Ends the task and puts a canvas in its place, as Celery's `self.replace` does: same id, callbacks, place in group
   * and chord; what the canvas gives is the result. Let pass what it throws.
   *
   * @throws PerennialError `InvalidOutput` with the path of the fault for what is no canvas
   */
  readonly replaceWith: (canvas: Signature) => never;
  /**
   * Sends a canvas on its way, as `delay` inside of a Celery task does, but once: not before the task has succeeded,
   * and not again when an attempt is repeated. Nobody waits for what it gives.
   *
   * @throws PerennialError `InvalidOutput` with the path of the fault for what is no canvas, and for more than 100
   */
  readonly send: (canvas: Signature) => void;
}

/** What a body asks for, and the output that carries it. */
export interface Asked extends Asking {
  /** Runs the body; gives its output, or what stands for it. */
  readonly outputOf: <Out>(body: () => Promise<Out>) => Promise<Out>;
}

type Row = Pick<TaskDefinition<string, never, never>, 'name' | 'composes'>;

/** Ends a body whose task is to be replaced. */
class Replacement extends Error {
  readonly canvas: Signature;

  constructor(canvas: Signature) {
    super('replaced by a canvas');
    this.canvas = canvas;
  }
}

/** Gives what each attempt at a task needs. */
export function askingOf(row: Row): () => Asked {
  if (row.composes === true) return () => createAsking(row);
  const refuse = (): never => {
    throw invalid(row, `expected its row to say 'composes: true', got no such word`);
  };
  const none: Asked = { replaceWith: refuse, send: refuse, outputOf: (body) => body() };
  return () => none;
}

function createAsking(row: Row): Asked {
  const sends: Signature[] = [];
  return {
    replaceWith: (canvas) => {
      throw new Replacement(checked(row, canvas));
    },
    send: (canvas) => {
      if (sends.length >= MOST_SENDS)
        throw invalid(row, `expected at most ${MOST_SENDS} canvases to send, got one more; send a group`);
      sends.push(checked(row, canvas));
    },
    outputOf: async <Out>(body: () => Promise<Out>): Promise<Out> => {
      // Whoever calls the task knows from its row that something else may stand for what it gives.
      try {
        const value = await body();
        return sends.length === 0 ? value : (asking({ value, sends }) as Out);
      } catch (error) {
        if (error instanceof Replacement) return asking({ replacedBy: error.canvas, sends }) as Out;
        throw error;
      }
    },
  };
}

/** Moments in it may have passed: it comes from a task, not from a person. */
const POLICY: ParsePolicy = {
  timing: 'lenient',
  knowsTask: (name) => findTask(name) !== undefined,
  knowsQueue: isQueueName,
  knowsPipeline: isCanvasPipeline,
};

function checked(row: Row, canvas: Signature): Signature {
  try {
    return parseSignature(canvas, POLICY);
  } catch (error) {
    throw error instanceof PerennialError ? invalid(row, error.message) : error;
  }
}

function invalid({ name }: Row, message: string): PerennialError {
  return new PerennialError('InvalidOutput', `${name}: ${message}`);
}
