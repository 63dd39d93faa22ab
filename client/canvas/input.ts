/** Checks canvases, and makes the input of the runs that they are. */
import { parseCall, parseSignature } from '../../canvas/signature/parse.ts';
import type { ParsePolicy } from '../../canvas/signature/policy.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import { isCanvasPipeline } from '../../contracts/canvas/pipelines.ts';
import { MAX_MEMBER_KEYS } from '../../contracts/canvas/members.ts';
import type { CanvasCallInput } from '../../contracts/canvas/schema.ts';
import { type AnyTask, findTask, packedAmong } from '../../contracts/catalogue.ts';
import { workflowArguments } from '../../contracts/catalogue.schema.ts';
import { isQueueName } from '../../contracts/queues/names.ts';
import { fieldFaults } from '../../contracts/values/field-faults.ts';
import type { RunCanvasInput } from '../../workflows/canvas/run-input.ts';
import { withFields } from '../connection/faults.ts';
import { InvalidInput } from '../connection/validate.ts';
import { requireOwnTaskIds, taskIdsIn } from './task-ids.ts';

/**
 * Checks a canvas and makes the input of its run.
 *
 * @throws InvalidInput with the path of the fault as its field
 */
export function canvasInput(
  canvas: unknown,
  call: CanvasCallInput & { readonly tenant?: string | undefined },
  externalOnly: boolean,
): RunCanvasInput {
  const { signature, tasks, given } = checkCanvas(canvas, externalOnly, call);
  const input = { canvas: signature, packed: packedAmong(tasks), ...weightFor(signature), ...given };
  return JSON.parse(JSON.stringify(input)) as RunCanvasInput; // drops fields that are undefined
}

/** Lets no run make more calls with ids of callers than it has keys for; the rest is run in parts. */
function weightFor(canvas: Signature): Pick<RunCanvasInput, 'weight'> {
  return [...taskIdsIn(canvas)].length > MAX_MEMBER_KEYS ? { weight: MAX_MEMBER_KEYS } : {};
}

/** A valid canvas, and the names of the tasks that it calls. */
export interface CheckedCanvas<Call> {
  readonly signature: Signature;
  /** What was given at the start, without typed values. */
  readonly given: Call;
  readonly tasks: ReadonlySet<string>;
}

/**
 * Parses and checks a canvas of unknown origin.
 *
 * @param call - what is given at the start; its options override those of the canvas
 * @throws InvalidInput with the path of the fault as its field
 */
export function checkCanvas<Call extends CanvasCallInput>(
  canvas: unknown,
  externalOnly: boolean,
  call: Call = {} as Call, // nothing is given
): CheckedCanvas<Call> {
  const tasks = new Set<string>();
  const policy: ParsePolicy = {
    knowsTask: (name) => {
      tasks.add(name);
      return mayBeCalled(name, externalOnly);
    },
    knowsQueue: isQueueName,
    knowsPipeline: isCanvasPipeline,
    checkPipelineInput,
    nowMs: Date.now(),
  };
  return withFields(() => {
    const signature = parseSignature(canvas, policy);
    const given = parseCall(signature, call, policy);
    requireOwnTaskIds(signature);
    return { signature, tasks, given };
  });
}

/** Checks the input of a pipeline, which has one argument or none. */
function checkPipelineInput(name: string, input: unknown, at: string): void {
  const schema = workflowArguments[name];
  if (schema === undefined) return;
  const isMissing = input === undefined || input === null;
  const parsed = schema.safeParse(isMissing ? [] : [input]);
  if (parsed.success) return;
  if (isMissing) throw new InvalidInput([{ field: at, expected: `an input of ${name}`, got: 'nothing' }]);
  // A pipeline has a single argument, so its index is left out of the path.
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: issue.path.slice(1) }));
  throw new InvalidInput(fieldFaults(issues, input, { at }));
}

function mayBeCalled(name: string, externalOnly: boolean): boolean {
  const task: AnyTask | undefined = findTask(name);
  return task !== undefined && (!externalOnly || task.external === true);
}
