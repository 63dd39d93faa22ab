/** Checks the targets of schedules and converts them to what the server starts. */
import type { Priority, TypedSearchAttributes } from '@temporalio/common';
import { atOnce } from '../../contracts/values/turns.ts';
import { canvasWorkflowId, canvasWorkflows } from '../../contracts/canvas/vocabulary.ts';
import type { AnyTask } from '../../contracts/catalogue.ts';
import { allTasks, findTask } from '../../contracts/register.schema.ts';
import { workflowArguments } from '../../contracts/catalogue.schema.ts';
import type {
  CanvasTarget,
  NamedCanvasTarget,
  NewScheduleTarget,
  ScheduleDefinition,
  ScheduleTarget,
  SolarTarget,
  TaskTarget,
  WorkflowTarget,
} from '../../contracts/schedules/vocabulary.ts';
import { type CallFacts, keepsOrder, type Listed, SYSTEM_TAG } from '../../contracts/tasks/calls.ts';
import { taskWorkflows } from '../../contracts/tasks/definition.ts';
import { marked } from '../../contracts/values/sealed.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import type { RunCanvasInput } from '../../workflows/canvas/run-input.ts';
import { canvasInput } from '../canvas/input.ts';
import { buildCanvas } from '../canvas/named.ts';
import { requireNoTaskIds } from '../canvas/task-ids.ts';
import { withFields } from '../connection/faults.ts';
import { indexedAs } from '../connection/search-attributes.ts';
import { perhaps } from '../connection/similar.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import { argumentsOf } from '../tasks/arguments.ts';
import { type CallRules, prepareCall, type PreparedCall } from '../tasks/prepare-call.ts';

/** Settings of the connection that targets are checked against. */
export type TargetRules = Pick<CallRules, 'priorityLevels' | 'sealKeys'>;

/** What the server starts at each due time. */
export interface ScheduledStart {
  readonly workflowType: string;
  /** Id of the runs, to which the server appends the due time. */
  readonly workflowId: string;
  readonly args: readonly unknown[];
  readonly priority?: Priority;
  readonly typedSearchAttributes: TypedSearchAttributes;
}

/** Largest arguments of a target as JSON, in bytes: above it payloads are stored as blobs, which do not last as long as a schedule. */
const MAX_TARGET_BYTES = 30_000;

/**
 * Checks that the target exists and accepts its arguments, and returns it in the form that is kept.
 *
 * @throws InvalidInput, PerennialError `UnknownQueue`, `ResidencyViolation`
 */
export function checkTarget(target: NewScheduleTarget, rules: TargetRules): ScheduleTarget {
  const kept = keptTarget(target);
  const { args } = startOf({ id: '', target: kept }, rules);
  const size = Buffer.byteLength(JSON.stringify(args));
  if (size <= MAX_TARGET_BYTES) return kept;
  const expected = `arguments of at most ${MAX_TARGET_BYTES} bytes as JSON; let the task read long lists where it runs`;
  throw new InvalidInput([{ field: 'target', expected, got: `${size} bytes` }]);
}

function keptTarget(target: NewScheduleTarget): ScheduleTarget {
  if ('canvas' in target) return keptCanvas(isNamed(target) ? built(target) : target);
  if ('workflow' in target) return checkWorkflow(target.workflow, target.args ?? []);
  const task = findTask(target.task);
  if (task === undefined) {
    const known = allTasks().map(({ name }) => name);
    throw unknown('target.task', 'task', target.task, known);
  }
  const { options } = target;
  const input = inputOf(task, target);
  const kept = task.sealInput === true ? marked(input) : input;
  return { task: task.name, input: kept, ...(options === undefined ? {} : { options }) };
}

function isNamed(target: NamedCanvasTarget | CanvasTarget): target is NamedCanvasTarget {
  return typeof target.canvas === 'string';
}

function built({ canvas: name, input = {}, ...others }: NamedCanvasTarget): CanvasTarget {
  return { ...others, canvas: inTarget(() => buildCanvas(name, input)) };
}

/** What is kept can be read on the server, so that it is marked as what is started. */
function keptCanvas(target: CanvasTarget): CanvasTarget {
  const { canvas, args, kwargs } = canvasCall(target).input;
  return { ...target, canvas, ...(args === undefined ? {} : { args }), ...(kwargs === undefined ? {} : { kwargs }) };
}

function inputOf(task: AnyTask, { input, args, kwargs }: Extract<NewScheduleTarget, { task: string }>): unknown {
  const positional = args !== undefined || kwargs !== undefined;
  if (!positional) return input === undefined ? {} : input;
  if (input !== undefined)
    throw new InvalidInput([{ field: 'target.input', expected: 'none beside args or kwargs', got: 'both' }]);
  return inTarget(() => argumentsOf(task, { args, kwargs }));
}

function checkWorkflow(workflow: string, args: readonly unknown[]): ScheduleTarget {
  const schema = workflowArguments[workflow];
  if (schema === undefined) throw unknown('target.workflow', 'workflow', workflow, Object.keys(workflowArguments));
  validate(schema, args, 'target.args');
  return { workflow, args };
}

function unknown(field: string, kind: string, got: string, known: readonly string[]): InvalidInput {
  const expected = `the name of a ${kind}${perhaps(got, known)}`;
  return new InvalidInput([{ field, expected, got: JSON.stringify(got) }]);
}

/** Keeps the check of a canvas short that is too large for a target; what JSON writes is counted a little too long. */
const TARGET_LIMITS = { values: MAX_TARGET_BYTES, characters: 2 * MAX_TARGET_BYTES };

/** Runs a check whose fields are those of a target. */
function inTarget<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.fields.map((fault) => ({ ...fault, field: `target.${fault.field}` })));
  }
}

/**
 * Returns what the server starts for a target.
 *
 * @throws InvalidInput, PerennialError for a target that {@link checkTarget} refuses
 */
export function startOf({ id, target }: Pick<ScheduleDefinition, 'id' | 'target'>, rules: TargetRules): ScheduledStart {
  if ('workflow' in target)
    return {
      workflowType: target.workflow,
      workflowId: id,
      args: [...target.args],
      typedSearchAttributes: indexedAs(listedWorkflow(target)),
    };
  if ('canvas' in target) return canvasStart(id, target);
  const { call, facts } = inTarget(() => taskCall(target, rules));
  const { task, start } = call;
  return {
    workflowType: taskWorkflows.runTask,
    workflowId: id,
    args: [task.name, target.input, ...(Object.keys(facts).length === 0 ? [] : [facts])],
    ...(start.priority === undefined ? {} : { priority: start.priority }),
    typedSearchAttributes: indexedAs(listedTask(target)),
  };
}

/** Returns what the workflow of a solar schedule starts. */
export function solarTarget(target: ScheduleTarget, rules: TargetRules): SolarTarget {
  if ('workflow' in target) return { ...target, listed: listedWorkflow(target) };
  if ('canvas' in target) {
    const { input, listed } = canvasCall(target);
    return { workflow: canvasWorkflows.runCanvas, args: [input], listed };
  }
  const { task, input } = target;
  const { facts } = inTarget(() => taskCall(target, rules));
  return { task, input, ...(Object.keys(facts).length === 0 ? {} : { facts }), listed: listedTask(target) };
}

function taskCall(
  { task, input, options = {} }: TaskTarget,
  rules: TargetRules,
): { readonly call: PreparedCall; readonly facts: CallFacts } {
  const { expires, ...others } = options;
  const call = prepareCall(task, input, others, { ...rules, now: Date.now });
  return {
    call,
    facts: { ...call.facts, ...(expires === undefined ? {} : { expiresAfterDueMs: expires * SECOND_MS }) },
  };
}

function listedTask({ task, options = {} }: TaskTarget): Listed {
  const tags = keepsOrder(task) ? [...(options.tags ?? []), SYSTEM_TAG] : options.tags;
  return { task, tenant: options.tenant, tags };
}

function listedWorkflow({ workflow }: WorkflowTarget): Listed {
  return { task: workflow, ...(keepsOrder(workflow) ? { tags: [SYSTEM_TAG] } : {}) };
}

function canvasStart(id: string, target: CanvasTarget): ScheduledStart {
  const { input, listed } = canvasCall(target);
  return {
    workflowType: canvasWorkflows.runCanvas,
    workflowId: canvasWorkflowId(id),
    args: [input],
    ...(listed.tenant === undefined ? {} : { priority: { fairnessKey: listed.tenant } }),
    typedSearchAttributes: indexedAs(listed),
  };
}

function canvasCall({ canvas, tenant, ...call }: CanvasTarget): {
  readonly input: RunCanvasInput;
  readonly listed: Listed;
} {
  const input = inTarget(() => {
    const given = { ...call, tenant } as Parameters<typeof canvasInput>[1];
    const checked = atOnce(canvasInput(canvas, given, { externalOnly: false, limits: TARGET_LIMITS }));
    withFields(() => {
      requireNoTaskIds(checked);
    });
    return checked;
  });
  return { input, listed: { task: input.canvas.task, tenant } };
}
