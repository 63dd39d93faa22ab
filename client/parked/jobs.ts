/** Lists failed steps that wait for a person, and sends decisions about them. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { z } from 'zod';
import { findTask } from '../../contracts/register.schema.ts';
import { parkedDeciderSchema, parkedListSchema } from '../../contracts/parked/schema.ts';
import {
  isAtOrBelow,
  type ParkedAction,
  type ParkedDecision,
  type ParkedStep,
  refusalOfParked,
} from '../../contracts/parked/vocabulary.ts';
import { canvasWorkflowId } from '../../contracts/canvas/vocabulary.ts';
import { searchAttributes } from '../../contracts/tasks/calls.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { knownIdSchema } from '../../contracts/tasks/schema.ts';
import { decideParkedUpdate } from '../../workflows/parked/messages.ts';
import { describe } from '../canvas/queries.ts';
import { whileThere } from '../canvas/part-runs.ts';
import { translateError } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import type { ClientContext } from '../domain.ts';
import { keywordOf } from '../tasks/status.ts';
import { checkArguments, checkResult } from '../tasks/prepare-call.ts';
import { parkedBelow } from './look.ts';
import { listParked } from './listing.ts';
import type { ParkedDecided, ParkedJobs, ParkedRun } from './types.ts';

/** Binds parked steps to a connection. */
export function createParkedJobs({ rpc }: Pick<ClientContext, 'rpc'>): ParkedJobs {
  return {
    list: (options = {}) => listParked(rpc, validate(parkedListSchema, options, 'options')),
    get: async (id) => parkedRun(rpc, await runOf(rpc, id)),
    retry: (id, decider = {}) => decide(rpc, id, 'retry', decider),
    skip: (id, decider) => decide(rpc, id, 'skip', decider),
    abort: (id, decider = {}) => decide(rpc, id, 'abort', decider),
  };
}

/** Finds a run by its id, or by the name of a canvas. @throws NotFound */
async function runOf(rpc: Rpc, given: string): Promise<string> {
  const id = validate(knownIdSchema, given, 'id');
  if ((await whileThere(() => describe(rpc, id))) !== undefined) return id;
  const named = canvasWorkflowId(id);
  return (await whileThere(() => describe(rpc, named))) === undefined ? id : named;
}

/** Tells what waits in a run and its parts. @throws NotFound */
export async function parkedRun(rpc: Rpc, id: string): Promise<ParkedRun> {
  const description = await describe(rpc, id);
  const found = await parkedBelow(rpc, id);
  return {
    id,
    name: keywordOf(description, searchAttributes.task),
    tenant: keywordOf(description, searchAttributes.tenant),
    steps: found.flatMap(({ view }) => view.steps),
    waiting: found.reduce((sum, { view }) => sum + view.waiting, 0),
    decisions: found.flatMap(({ view }) => view.decisions).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
  };
}

type Given = z.input<typeof parkedDeciderSchema> & { readonly input?: unknown; readonly value?: unknown };

/** Decides in every run that holds some of the steps; each checks the decision again, as a whole. */
async function decide(rpc: Rpc, given: string, action: ParkedAction, options: Given): Promise<ParkedDecided> {
  const { input, value, ...who } = options;
  const { path, by = 'a client', reason } = validate(parkedDeciderSchema, who, 'options');
  const id = await runOf(rpc, given);
  const found = await parkedBelow(rpc, id);
  const steps = found.flatMap(({ view }) => view.steps);
  const wanted: ParkedDecision = {
    path: path ?? onlyPath(id, steps),
    action,
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(input === undefined ? {} : { input }),
    ...(value === undefined ? {} : { value }),
  };
  const decision = checked(wanted, steps);
  const paths: string[] = [];
  for (const { run, view } of found)
    if (view.steps.some((step) => isAtOrBelow(step.path, decision.path)))
      paths.push(...(await send(rpc, run.workflowId, decision)));
  return { id, action, paths };
}

function onlyPath(id: string, steps: readonly ParkedStep[]): string {
  const [only, ...others] = steps;
  if (only !== undefined && others.length === 0) return only.path;
  const paths = steps.slice(0, 20).map(({ path }) => path);
  const expected = only === undefined ? `a run in which a step is parked` : `a path, one of ${paths.join(', ')}`;
  throw new InvalidInput([
    { field: only === undefined ? 'id' : 'options.path', expected, got: only === undefined ? `'${id}'` : 'none' },
  ]);
}

/** Checks a decision as the run does, and its values by the schemas of the task, which the run does not know. */
function checked(decision: ParkedDecision, steps: readonly ParkedStep[]): ParkedDecision {
  const refused = refusalOfParked(
    decision,
    steps.map(({ path }) => path),
  );
  if (refused !== undefined) throw new PerennialError('InvalidInput', refused);
  const step = steps.find(({ path }) => isAtOrBelow(path, decision.path));
  const task = step === undefined ? undefined : findTask(step.task);
  if (decision.input !== undefined) {
    if (task === undefined) throw unknownTask('input', step);
    return { ...decision, input: checkArguments(task, decision.input) };
  }
  // The result of a step that is no task, such as a pipeline, has no schema.
  if (decision.value === undefined || task === undefined) return decision;
  return { ...decision, value: checkResult(task, decision.value) };
}

function unknownTask(field: string, step: ParkedStep | undefined): InvalidInput {
  return new InvalidInput([
    { field, expected: 'none for a step that is no task of the catalogue', got: `one for ${step?.task ?? 'nothing'}` },
  ]);
}

function send(rpc: Rpc, workflowId: string, decision: ParkedDecision): Promise<readonly string[]> {
  return rpc.call(workflowId, async ({ workflow }) => {
    try {
      return await workflow.getHandle(workflowId).executeUpdate(decideParkedUpdate, { args: [decision] });
    } catch (error) {
      throw refusalOf(error, workflowId, rpc.address);
    }
  });
}

/** Converts a refused update, whose cause holds the reason. */
function refusalOf(error: unknown, id: string, address: string): Error {
  if (!(error instanceof WorkflowUpdateFailedError)) return translateError(error, id, address);
  const { cause = error } = error;
  return new PerennialError('InvalidInput', cause.message, { cause });
}
