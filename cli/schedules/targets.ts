/** Converts options of the command line to the target of a schedule; the client checks its content. */
import type { NewScheduleTarget } from '../../contracts/schedules/vocabulary.ts';
import { UsageError } from '../terminal/context.ts';
import { readJson, readList, readObject } from './json.ts';

/** Options for the target of a schedule. */
export interface TargetOptions {
  readonly task?: string;
  readonly input?: string;
  readonly workflow?: string;
  readonly canvas?: string;
  readonly args?: string;
  readonly kwargs?: string;
  readonly options?: string;
  readonly queue?: string;
  readonly priority?: number;
  readonly expires?: number;
}

type Option = keyof TargetOptions;

/** Options of one kind of target that the others do not have. */
const ONLY_WITH: readonly (readonly [Option, readonly Option[]])[] = [
  ['input', ['task']],
  ['queue', ['task']],
  ['priority', ['task']],
  ['expires', ['task']],
  ['kwargs', ['task', 'canvas']],
  ['options', ['task', 'canvas']],
  ['args', ['task', 'workflow', 'canvas']],
];

/** Reads the target, or `undefined` when no option names one. @throws UsageError */
export function readTarget(options: TargetOptions): NewScheduleTarget | undefined {
  const { task, workflow, canvas } = options;
  if ([task, workflow, canvas].filter((name) => name !== undefined).length > 1)
    throw new UsageError('expected only one of --task, --workflow and --canvas');
  for (const [option, kinds] of ONLY_WITH)
    if (options[option] !== undefined && kinds.every((kind) => options[kind] === undefined))
      throw new UsageError(`--${option}: expected ${kinds.map((kind) => `--${kind}`).join(' or ')} beside it`);
  if (task !== undefined) return { task, ...readInput(options), ...readCallOptions(options) };
  if (canvas !== undefined)
    return { canvas: readJson(canvas, '--canvas'), ...readArguments(options), ...readMore(options) };
  return workflow === undefined ? undefined : { workflow, args: [], ...readArguments(options) };
}

function readInput({ input, ...options }: TargetOptions): object {
  if (input !== undefined) return { input: readJson(input, '--input'), ...readArguments(options) };
  const given = readArguments(options);
  return Object.keys(given).length === 0 ? { input: {} } : given;
}

function readArguments({ args, kwargs }: TargetOptions): object {
  return {
    ...(args === undefined ? {} : { args: readList(args, '--args') }),
    ...(kwargs === undefined ? {} : { kwargs: readObject(kwargs, '--kwargs') }),
  };
}

function readMore({ options }: TargetOptions): { readonly options?: Readonly<Record<string, unknown>> } {
  return options === undefined ? {} : { options: readObject(options, '--options') };
}

function readCallOptions({ queue, priority, expires, ...more }: TargetOptions): object {
  const options = {
    ...readMore(more).options,
    ...(queue === undefined ? {} : { queue }),
    ...(priority === undefined ? {} : { priority }),
    ...(expires === undefined ? {} : { expires }),
  };
  return Object.keys(options).length === 0 ? {} : { options };
}
