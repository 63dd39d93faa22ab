/**
 * Steps that need not run again. A run that repeats a failed one is told by its memo where the results are kept of what
 * had succeeded; a step with the same name and input, asked for as often as before, is answered with its result.
 */
import { CancellationScope, workflowInfo, type WorkflowOutboundCallsInterceptor } from '@temporalio/workflow';
import {
  type KeptStep,
  originIn,
  REDRIVE_MEMO,
  type RedriveOrigin,
  StepKeys,
  type StepKind,
} from '../../contracts/dlq/steps.ts';
import { deadLetterTasks } from '../../contracts/dlq/tasks.ts';
import { unmarkedOutput } from '../../contracts/values/sealed.ts';
import { findTask } from './catalogue.ts';
import { proxyTask } from './proxies.ts';

type ActivityInput = Parameters<NonNullable<WorkflowOutboundCallsInterceptor['scheduleActivity']>>[0];

type Kept = ReadonlyMap<string, KeptStep>;

/** Creates what answers steps, for one run. */
export function createKeptSteps(): WorkflowOutboundCallsInterceptor {
  const keys = new StepKeys();
  let loading: Promise<Kept> | undefined;
  /** Ids of the calls that were made. A call that is made again, after it waited, has the id that it had. */
  const made = new Set<string>();
  const isAgain = ({ options: { activityId }, seq }: ActivityInput): boolean => {
    const isKnown = activityId !== undefined && made.has(activityId);
    made.add(activityId ?? String(seq));
    return isKnown;
  };
  /** What is kept of a step; `undefined` where the run repeats none. */
  const keptOf = (
    kind: StepKind,
    type: string,
    args: readonly unknown[],
  ): Promise<KeptStep | undefined> | undefined => {
    const origin = originOfRun();
    // What continued as new begins where the run before it has come to.
    if (origin?.keeps !== true || workflowInfo().continuedFromExecutionRunId !== undefined) return undefined;
    const key = keys.next(kind, type, args);
    loading ??= load(origin);
    return loading.then((kept) => kept.get(key));
  };
  return {
    scheduleActivity: (input, next) => {
      const { activityType: type, args } = input;
      const task = findTask(type);
      if (task?.keepOnRedrive === false || isAgain(input)) return next(input);
      // What is passed to the shell of a task beside its input says how it is called, not what it does.
      const kept = keptOf('task', type, task === undefined ? args : args.slice(0, 1));
      // A run that repeats none goes on in the same turn, as it did when it was recorded.
      return kept === undefined ? next(input) : kept.then((step) => (step === undefined ? next(input) : step.value));
    },
    startChildWorkflowExecution: (input, next) => {
      const { workflowType: type, options } = input;
      return (
        keptOf('child', type, options.args)?.then((step) => {
          if (step === undefined) return next(input);
          const { child, value, args = options.args } = step;
          if (child === undefined) return [Promise.resolve(workflowInfo().runId), Promise.resolve(value)];
          return next({ ...input, options: { ...options, args, memo: { ...options.memo, [REDRIVE_MEMO]: child } } });
        }) ?? next(input)
      );
    },
  };
}

/** Where the run comes from; `undefined` where it repeats none. */
export function originOfRun(): RedriveOrigin | undefined {
  return originIn(workflowInfo().memo?.[REDRIVE_MEMO]);
}

/** The first of all runs that this one continues or repeats. */
export function firstRunId(): string {
  return originOfRun()?.firstRunId ?? workflowInfo().firstExecutionRunId;
}

/** A run that is cancelled meanwhile still cleans up with what is kept. */
async function load({ of: runId, workflowId }: RedriveOrigin): Promise<Kept> {
  const read = proxyTask(deadLetterTasks.readSteps, { summary: `what the run ${runId} has done` });
  return CancellationScope.nonCancellable(async () => {
    const kept = new Map<string, KeptStep>();
    for (let [piece, more] = [0, true]; more; piece += 1) {
      const given = unmarkedOutput(await read({ runId, workflowId, piece })) as Awaited<ReturnType<typeof read>>; // its own type
      for (const step of given.steps) kept.set(step.key, step);
      ({ more } = given);
    }
    return kept;
  });
}
