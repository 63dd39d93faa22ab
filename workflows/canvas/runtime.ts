/** The engine's runtime inside a workflow: durable timers, and time and ids that replay. */
import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import { withCallWindow } from '../../concurrency/call-window.ts';
import { createPace } from '../../concurrency/pace.ts';
import { memberId } from '../../contracts/canvas/members.ts';
import { callWeight } from '../../canvas/splitting/weight.ts';
import type { CanvasRuntime } from '../../canvas/engine/runtime.ts';
import type { CallRequest } from '../../canvas/model/request.ts';

/**
 * Activities of one run that are under way at once: the server refuses 2,000, and beyond a few hundred nothing gets faster.
 * Calls with long arguments count for several, so that a decision to start them all stays below the 4 MB that the server
 * takes in one message.
 */
const IN_FLIGHT = 500;

type MakeCall = CanvasRuntime['call'];

/** What a runtime is made of. */
export interface WorkflowRuntimeOptions extends Omit<CanvasRuntime, 'sleep' | 'now' | 'newId'> {
  /** By their names, steps that are no activities: they do not count among those under way. */
  readonly waits?: Readonly<Record<string, MakeCall>>;
}

/** Keeps the activities that a function starts below what the server takes: as many at once as their length asks for. */
export function inCallWindow<In extends Pick<CallRequest, 'args' | 'kwargs'>, Out>(
  call: (input: In) => Promise<Out>,
): (input: In) => Promise<Out> {
  const weigh = ({ args, kwargs }: In): number => callWeight(args, kwargs);
  const pace = createPace(IN_FLIGHT);
  const timed = (input: In): Promise<Out> => {
    const sentAt = Date.now();
    const reply = call(input);
    const ended = (): void => pace.took(Date.now() - sentAt);
    reply.then(ended, ended);
    return reply;
  };
  return withCallWindow(() => pace.limit(), timed, weigh);
}

/** Makes a runtime whose calls are made by `options`. */
export function createWorkflowRuntime({ waits = {}, ...options }: WorkflowRuntimeOptions): CanvasRuntime {
  let ids = 0;
  return {
    ...options,
    call: (request) => (waits[request.task] ?? options.call)(request),
    sleep: async (ms) => {
      await sleep(Math.max(1, Math.ceil(ms)));
    },
    scoped: (work) => {
      const scope = new CancellationScope();
      return { done: scope.run(work), cancel: () => scope.cancel() };
    },
    shielded: (work) => CancellationScope.nonCancellable(work),
    now: () => Date.now(),
    newId: () => memberId(workflowInfo().workflowId, (ids += 1)),
  };
}
