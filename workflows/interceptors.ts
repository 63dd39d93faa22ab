/**
 * What comes in from outside passes here before any workflow sees it: inputs,
 * signals, updates and queries. A payload of the wrong shape is refused as a
 * whole, because an error inside of a workflow would fail its task again and
 * again, and with it everything else that the run is told.
 */
import { type ApplicationFailure, ContinueAsNew, log, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { WorkflowInboundCallsInterceptor, WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { breakerSignals } from '../contracts/breakers/vocabulary.ts';
import { IGNORED_SIGNALS, MOST_IGNORED_SIGNALS, type IgnoredSignal } from '../contracts/tasks/ignored-signals.ts';
import { createKeptSteps } from './calls/kept-steps.ts';
import { createBreakerWait } from './calls/breaker-wait.ts';
import { parkFailedCalls } from './parked/calls.ts';
import { parkedShapes } from './parked/shapes.ts';
import { invalidInput, toWorkflowFailure } from './failures.ts';
import { checkArguments, text, type WorkflowShape } from './shape.ts';
import { logRevocation } from './tasks/revocation-log.ts';
import { endStateOf, indexStart, indexState } from './tasks/search-attributes.ts';
import * as exported from './index.ts';

type Exported = typeof exported;
type WorkflowName = {
  [K in keyof Exported]: Exported[K] extends (...args: never) => unknown ? K : never;
}[keyof Exported];
type Tables = Exported[Exclude<keyof Exported, WorkflowName>];
type NamesOf<Table> = Table extends unknown ? keyof Table : never;

const tables = Object.assign(
  {},
  ...Object.values<unknown>(exported).filter((value) => typeof value === 'object'),
) as Readonly<Record<NamesOf<Tables>, WorkflowShape>>; // Object.assign forgets the types

/** What every workflow accepts, by its name: one without a shape does not compile. */
export const workflowShapes: Readonly<Record<WorkflowName, WorkflowShape>> = tables;

/** Messages of every workflow, also those of an application. */
const ofAll: NonNullable<WorkflowShape['messages']> = { ...parkedShapes, [breakerSignals.set]: [['key', text]] };

/** Names that the SDK answers itself. */
const OF_SDK = /^__/;

const inbound: WorkflowInboundCallsInterceptor = {
  execute: async (input, next) => {
    try {
      const shape = shapeOfRun();
      indexStart(shape?.listed?.(input.args) ?? { task: workflowInfo().workflowType });
      if (shape !== undefined) checkArguments(shape.input, input.args);
      const result: unknown = await next(input);
      indexState('SUCCESS');
      return result;
    } catch (error) {
      if (!(error instanceof ContinueAsNew)) noteEnd(error);
      throw toWorkflowFailure(error);
    }
  },
  handleSignal: (input, next) => {
    const refused = refusal(input.signalName, input.args);
    if (refused === undefined) return next(input);
    ignore(input.signalName, refused.message);
    return Promise.resolve();
  },
  validateUpdate: (input, next) => {
    const refused = refusal(input.name, input.args);
    if (refused !== undefined) throw refused;
    next(input);
  },
  // Updates without a validator come here alone.
  handleUpdate: (input, next) => {
    const refused = refusal(input.name, input.args);
    return refused === undefined ? next(input) : Promise.reject(refused);
  },
  handleQuery: (input, next) => {
    const refused = OF_SDK.test(input.queryName) ? undefined : refusal(input.queryName, input.args);
    return refused === undefined ? next(input) : Promise.reject(refused);
  },
};

function noteEnd(error: unknown): void {
  const state = endStateOf(error);
  indexState(state);
  if (state === 'REVOKED') logRevocation(error);
}

/** Registers the checks, and the waiting for persons and providers, in every workflow; the bundler finds it by its name. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const providers = createBreakerWait();
  return {
    inbound: [inbound, ...(providers.inbound ?? [])],
    outbound: [parkFailedCalls(), createKeptSteps(), ...(providers.outbound ?? [])],
  };
};

/** Other bundles, such as those of tests, have workflows of their own. */
function shapeOfRun(): WorkflowShape | undefined {
  const shapes: Readonly<Record<string, WorkflowShape>> = workflowShapes;
  const { workflowType } = workflowInfo();
  return Object.hasOwn(shapes, workflowType) ? shapes[workflowType] : undefined;
}

/** Why a message is refused; `undefined` for one that is right. */
function refusal(name: string, args: readonly unknown[]): ApplicationFailure | undefined {
  const shape = shapeOfRun();
  const isOfAll = Object.hasOwn(ofAll, name);
  if (shape === undefined && !isOfAll) return undefined;
  const messages = isOfAll ? ofAll : (shape?.messages ?? {});
  const expected = Object.hasOwn(messages, name) ? messages[name] : undefined;
  if (expected === undefined) return invalidInput(`${name}: expected a message of ${workflowInfo().workflowType}`);
  try {
    checkArguments(expected, args);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return invalidInput(`${name}: ${why}. Nothing was changed: mend that and send it again.`);
  }
}

/** Keeps in the memo, which the Web UI shows, what was ignored last. */
function ignore(signal: string, why: string): void {
  log.warn('A signal was ignored', { signal, why });
  const before = (workflowInfo().memo?.[IGNORED_SIGNALS] ?? []) as readonly IgnoredSignal[]; // nobody else writes it
  const noted: IgnoredSignal = { signal, why, at: new Date().toISOString() };
  upsertMemo({ [IGNORED_SIGNALS]: [...before, noted].slice(-MOST_IGNORED_SIGNALS) });
}
