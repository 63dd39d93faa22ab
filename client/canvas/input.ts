/** Checks canvases, and makes the input of the runs that they are. */
import { parseCallInTurns, parseSignatureInTurns } from '../../canvas/signature/parse.ts';
import { givesToSealed, markArgumentsInTurns } from '../../canvas/signature/mark-arguments.ts';
import { markedFields } from '../../canvas/signature/task-input.ts';
import type { ParsePolicy } from '../../canvas/signature/policy.ts';
import type { Signature } from '../../canvas/signature/signature.ts';
import type { Turns } from '../../contracts/values/turns.ts';
import { isCanvasPipeline } from '../../contracts/canvas/pipelines.ts';
import { MAX_MEMBER_KEYS } from '../../contracts/canvas/members.ts';
import type { CanvasCallInput } from '../../contracts/canvas/schema.ts';
import { findTask, isQueue, lackedFor, packedAmong, sealsInput } from '../../contracts/register.schema.ts';
import { workflowArguments } from '../../contracts/catalogue.schema.ts';
import { fieldFaults } from '../../contracts/values/field-faults.ts';
import type { RunCanvasInput } from '../../workflows/canvas/run-input.ts';
import { marked } from '../../contracts/values/sealed.ts';
import { requireParking } from '../parked/options.ts';
import { withFieldsInTurns } from '../connection/faults.ts';
import { InvalidInput } from '../connection/validate.ts';
import { requireFitting } from './fitting.ts';
import { requireOwnTaskIds } from './task-ids.ts';

/** What a canvas is checked by. */
export interface CanvasRules extends Pick<ParsePolicy, 'isTurnOver' | 'limits'> {
  /** Whether only tasks may be called that anybody may start over HTTP. */
  readonly externalOnly: boolean;
}

/**
 * Checks a canvas and makes the input of its run.
 *
 * @throws InvalidInput with the path of the fault as its field
 */
export function* canvasInput(
  canvas: unknown,
  call: CanvasCallInput & { readonly tenant?: string | undefined },
  rules: CanvasRules,
): Turns<RunCanvasInput> {
  const { onFailure, parkedFor, ...start } = call;
  const parkMs = requireParking(onFailure, parkedFor);
  const { signature, tasks, given, named } = yield* checkCanvas(canvas, rules, start);
  const fields = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    canvas: signature,
    packed: packedAmong(tasks),
    // No run makes more calls with ids of callers than it has keys for; the rest is run in parts.
    ...(named > MAX_MEMBER_KEYS ? { weight: MAX_MEMBER_KEYS } : {}),
    ...Object.fromEntries(fields),
    ...(parkMs === undefined ? {} : { parkMs }),
  };
}

/** A valid canvas, and the names of the tasks that it calls. */
export interface CheckedCanvas<Call> {
  readonly signature: Signature;
  /** What was given at the start, without typed values. */
  readonly given: Call;
  readonly tasks: ReadonlySet<string>;
  /** Number of calls with ids of the caller. */
  readonly named: number;
}

/**
 * Parses and checks a canvas of unknown origin.
 *
 * @param call - what is given at the start; its options override those of the canvas
 * @throws InvalidInput with the path of the fault as its field
 */
export function* checkCanvas<Call extends CanvasCallInput>(
  canvas: unknown,
  { externalOnly, isTurnOver, limits }: CanvasRules,
  call: Call = {} as Call, // nothing is given
): Turns<CheckedCanvas<Call>> {
  const tasks = new Set<string>();
  const policy: ParsePolicy = {
    knowsTask: (name) => {
      tasks.add(name);
      return mayBeCalled(name, externalOnly);
    },
    knowsQueue: isQueue,
    knowsPipeline: (name) => isCanvasPipeline(name) && lackedFor(name) === undefined,
    checkPipelineInput,
    nowMs: Date.now(),
    ...(isTurnOver === undefined ? {} : { isTurnOver }),
    ...(limits === undefined ? {} : { limits }),
  };
  const signature = yield* withFieldsInTurns(parseSignatureInTurns(canvas, policy));
  const given = yield* withFieldsInTurns(parseCallInTurns(signature, call, policy));
  const named = yield* withFieldsInTurns(requireOwnTaskIds(signature, isTurnOver));
  yield* withFieldsInTurns(requireFitting(signature, isTurnOver));
  if (![...tasks].some(sealsInput)) return { signature, tasks, given, named };
  const marks = yield* markArgumentsInTurns(signature, sealsInput, isTurnOver);
  return { signature: marks, tasks, given: markGiven(signature, given), named };
}

/** What is given at the start goes to the first calls. */
function markGiven<Call extends CanvasCallInput>(signature: Signature, given: Call): Call {
  if (!givesToSealed(signature, sealsInput)) return given;
  const { args, kwargs } = given;
  return {
    ...given,
    ...(args === undefined ? {} : { args: args.map(marked) }),
    ...(kwargs === undefined ? {} : { kwargs: markedFields(kwargs) }),
  };
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
  const task = findTask(name);
  return task !== undefined && (!externalOnly || task.external === true);
}
