/** Conditions and maps over an earlier result for the reference evaluator, written without the engine's. */
import { canvasSteps } from '../../contracts/canvas/steps.ts';
import { type Condition, holds } from '../signature/condition.ts';
import { ACCUMULATE } from '../plan/joined-groups.ts';
import { isSignature, kindOf, type Signature, tasksOf } from '../signature/signature.ts';

/** The canvas that replaces a built-in step, and its arguments. */
export class Instead {
  readonly canvas: Signature;
  readonly args: readonly unknown[];

  constructor(canvas: Signature, args: readonly unknown[]) {
    this.canvas = canvas;
    this.args = args;
  }
}

/**
 * The result of a built-in step; `undefined` for tasks, approvals and pipelines, which are functions here.
 *
 * @throws TypeError for a map over what is no list, or too long
 */
export function eagerStep(signature: Signature, args: readonly unknown[]): unknown {
  if (signature.task === canvasSteps.when) return branch(signature, args);
  return signature.task === canvasSteps.map ? spread(signature, args) : undefined;
}

function branch({ kwargs }: Signature, args: readonly unknown[]): unknown {
  const [value = null] = args;
  const { test, then, else: other } = kwargs ?? {};
  const chosen = holds(test as Condition, value) ? then : other;
  return isSignature(chosen) ? new Instead(chosen, args) : value;
}

function spread({ kwargs }: Signature, [value, ...rest]: readonly unknown[]): Instead {
  const { task, limit = 1000, join } = kwargs ?? {};
  if (!isSignature(task) || !Array.isArray(value) || value.length > Number(limit))
    throw new TypeError(`expected a list of at most ${Number(limit)}`);
  const header = value.map((entry: unknown) => given(task, [entry, ...rest]));
  const chord = { header, body: { task: ACCUMULATE }, kwargs: {} };
  const options = join === undefined ? {} : { join };
  return new Instead({ task: 'celery.chord', kwargs: chord, options, subtask_type: 'chord' } as Signature, []);
}

function given(signature: Signature, args: readonly unknown[]): Signature {
  if (signature.immutable === true) return signature;
  switch (kindOf(signature)) {
    case 'task':
    case 'chord':
      return { ...signature, args: [...args, ...(signature.args ?? [])] };
    case 'chain': {
      const [first, ...others] = tasksOf(signature);
      return {
        ...signature,
        kwargs: { ...signature.kwargs, tasks: first === undefined ? [] : [given(first, args), ...others] },
      };
    }
    case 'group':
      return {
        ...signature,
        kwargs: { ...signature.kwargs, tasks: tasksOf(signature).map((one) => given(one, args)) },
      };
    default:
      return signature;
  }
}
