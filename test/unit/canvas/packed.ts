/** The engine with packs in this process: a worker that runs what it is sent, and reports as the activity does. */
import type { CallContext } from '../../../canvas/packing/entries.ts';
import type { Packer, PackPorts } from '../../../canvas/packing/ports.ts';
import { createPacker } from '../../../canvas/packing/packer.ts';
import { type EagerTask, TryAgain } from '../../../canvas/reference/evaluator.ts';
import { REVOKED } from '../../../canvas/model/outcome.ts';
import type { CanvasRuntime } from '../../../canvas/engine/runtime.ts';
import type { Pack, PackedOutcome, PackedStep, PackReport } from '../../../contracts/tasks/packs.ts';
import type { RecordedCall } from './eager.ts';
import type { CallReply } from '../../../canvas/model/request.ts';

export interface PackedWorld {
  readonly packer: Packer;
  readonly runtime: Pick<CanvasRuntime, 'call' | 'mayFollow'>;
  /** Calls that were made in packs. */
  readonly calls: RecordedCall[];
  /** Every attempt in a pack. */
  readonly attempts: { readonly id: string; readonly path: string; readonly attempt: number }[];
  readonly packs: Pack[];
  /** Of each pack, the tasks whose time limits it must leave room for. */
  readonly sentTasks: (readonly string[])[];
  /** Calls that went on alone, with the attempts that they had in packs. */
  readonly singles: { readonly call: RecordedCall; readonly path: string; readonly attemptsBefore: number }[];
  /** Packs that were called back. */
  readonly recalled: Pack[];
  /** Revokes a path as a run does: also what is called later. */
  revoke(path: string): number;
  readonly isRevoked: (path: string) => boolean;
}

export interface PackedOptions {
  readonly tasks: Readonly<Record<string, EagerTask>>;
  readonly packable: readonly string[];
  /** Makes calls that are not packable. */
  readonly single: PackPorts['single'];
  /** A worker stops after so many calls and hands the rest back. @defaultValue never */
  readonly callsOfAPack?: number;
  /** Milliseconds that each call claims to have taken. @defaultValue 0.1 */
  readonly callMs?: number;
  /** Waits before another attempt. @defaultValue not at all */
  readonly sleep?: PackPorts['sleep'];
  /** Starts what goes on alone. @defaultValue it cannot be cancelled */
  readonly start?: CallContext['start'];
  /** Where calls come from. @defaultValue nobody cancels anything */
  readonly context?: PackPorts['context'];
  /** Changes what comes back; rejects as a cancelled run does. */
  readonly transform?: (report: PackReport, pack: Pack) => Promise<PackReport & { died?: boolean }>;
}

export function packedWorld(options: PackedOptions): PackedWorld {
  const { tasks, packable, callsOfAPack = Number.POSITIVE_INFINITY, callMs = 0.1 } = options;
  const { start = (work) => ({ done: work(), cancel: () => undefined }) } = options;
  const calls: RecordedCall[] = [];
  const attempts: PackedWorld['attempts'] = [];
  const packs: Pack[] = [];
  const sentTasks: PackedWorld['sentTasks'] = [];
  const singles: PackedWorld['singles'] = [];
  const recalled: Pack[] = [];
  const revoked: string[] = [];
  const isRevoked = (path: string): boolean => revoked.some((above) => `${path}/`.startsWith(`${above}/`));
  const runStep = (step: PackedStep, before: unknown): Promise<PackedOutcome> => {
    const { id, task, args = [], kwargs = {}, immutable = false, attempt = 1, headers } = step;
    const passed = before === undefined || immutable ? args : [before, ...args];
    if (attempt === 1) calls.push({ task, args: passed, kwargs });
    attempts.push({ id, path: String(headers?.['path']), attempt });
    return outcomeOf(() => tasks[task]?.(passed, kwargs, attempt - 1));
  };
  const run = async (pack: Pack): Promise<PackReport> => {
    let left = callsOfAPack;
    const spent: Record<string, [number, number]> = {};
    const outcomes: PackedOutcome[][] = [];
    for (const item of pack.items) {
      const done: PackedOutcome[] = [];
      outcomes.push(done);
      for (const step of item) {
        const before = step.joins === undefined ? done.at(-1) : joinedOf(outcomes, step.joins);
        if (left === 0 || recalled.includes(pack) || (before !== undefined && !('value' in before))) break;
        left -= 1;
        const sum = (spent[step.task] ??= [0, 0]);
        sum[0] += 1;
        sum[1] += callMs;
        done.push(await runStep(step, before?.value));
      }
    }
    return { outcomes, spent };
  };
  const packer = createPacker({
    context: options.context ?? (() => ({ wanted: () => true, start })),
    laneOf: ({ task }) =>
      packable.includes(task) ? { key: 'one', queue: 'documents.default', priority: undefined } : undefined,
    stepOf: ({ id, task, args, kwargs, path }) => ({ id, task, args, kwargs, headers: { path } }),
    single: (request, attemptsBefore) => {
      const { task, args, kwargs, path } = request;
      singles.push({ call: { task, args, kwargs }, path, attemptsBefore });
      return options.single(request, attemptsBefore);
    },
    send: (_lane, pack, names) => {
      packs.push(pack);
      sentTasks.push(names);
      const done = Promise.resolve()
        .then(() => run(pack))
        .then((report) => options.transform?.(report, pack) ?? report);
      return { done, recall: () => void recalled.push(pack) };
    },
    sent: () => undefined,
    drained: () => new Promise((resolve) => setImmediate(resolve)),
    sleep: options.sleep ?? (() => Promise.resolve()),
    waitForProvider: () => Promise.resolve(),
    cancelled: () => new TypeError('cancelled'),
    isRevoked,
  });
  const mayFollow: CanvasRuntime['mayFollow'] = (one, next) =>
    packable.includes(one.task) && packable.includes(next.task);
  return {
    packer,
    runtime: {
      call: (request) => (isRevoked(request.path) ? Promise.resolve(REVOKED_REPLY) : packer.call(request)),
      mayFollow,
    },
    calls,
    attempts,
    packs,
    sentTasks,
    singles,
    recalled,
    isRevoked,
    revoke: (path) => {
      revoked.push(path);
      return packer.revoke((at) => `${at}/`.startsWith(`${path}/`));
    },
  };
}

const REVOKED_REPLY: CallReply = { kind: 'failed', failure: REVOKED };

function joinedOf(outcomes: readonly (readonly PackedOutcome[])[], places: readonly number[]): PackedOutcome {
  const all = places.map((place) => outcomes[place]?.[0]);
  const values = all.flatMap((one) => (one !== undefined && 'value' in one ? [one.value] : []));
  return values.length === places.length ? { value: values } : { failure: { type: 'Error', message: 'not all' } };
}

async function outcomeOf(work: () => unknown): Promise<PackedOutcome> {
  try {
    return { value: (await work()) ?? null };
  } catch (error) {
    const failure = { type: 'Error', message: error instanceof Error ? error.message : String(error) };
    return error instanceof TryAgain ? { failure, retryInMs: 1 } : { failure };
  }
}

/** A reply that no call of a test expects. */
export const noSingle: PackPorts['single'] = () =>
  Promise.reject<CallReply>(new TypeError('expected every call to be packed'));
