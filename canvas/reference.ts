/**
 * A second, small evaluator of canvases, written without the plan and the
 * engine: one call after the other, by recursion over the data. It is the oracle
 * of the property tests, and the eager mode in which users test canvases without
 * a server. It knows results, errors and callbacks, and no time: delays, expiry,
 * priorities and limits are ignored.
 */
import { chordOf, kindOf, mapOf, optionsOf, type Signature, signatureList, tasksOf } from './signature.ts';

type Args = readonly unknown[];
type Kwargs = Readonly<Record<string, unknown>>;

/** A task as a function. What it throws is its failure; it may throw {@link TryAgain} and {@link ReplaceBy}. */
export type EagerTask = (args: Args, kwargs: Kwargs, retries: number) => unknown;

/** Thrown by a task that wants to be called again. */
export class TryAgain extends Error {
  readonly again: { readonly args?: Args; readonly maxRetries: number; readonly error?: Error };

  constructor(again: TryAgain['again']) {
    super('try again');
    this.again = again;
  }
}

/** Thrown by a task that puts a canvas in its place. */
export class ReplaceBy extends Error {
  readonly canvas: Signature;

  constructor(canvas: Signature) {
    super('replaced');
    this.canvas = canvas;
  }
}

/** A header member failed, so the body of its chord did not run. */
export class HeaderFailed extends Error {
  constructor(cause: unknown) {
    super(`a header member failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** What an eager run did. */
export interface EagerRun {
  readonly result: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };
  /** Every call, in order; items of maps and error callbacks included. */
  readonly calls: readonly { readonly task: string; readonly args: Args; readonly kwargs: Kwargs }[];
}

/** Runs a canvas over functions, to its end, callbacks included. */
export async function runEagerly(
  canvas: Signature,
  tasks: Readonly<Record<string, EagerTask>>,
  { args = [], kwargs = {} }: { readonly args?: Args; readonly kwargs?: Kwargs } = {},
): Promise<EagerRun> {
  const calls: { task: string; args: Args; kwargs: Kwargs }[] = [];
  const eager = new Eager((name, given, named, retries) => {
    calls.push({ task: name, args: given, kwargs: named });
    const body = tasks[name];
    if (body === undefined) throw new TypeError(`no task is named ${name}`);
    return body(given, named, retries);
  });
  try {
    return { result: { ok: true, value: await eager.run(canvas, args, kwargs) }, calls };
  } catch (error) {
    return { result: { ok: false, error }, calls };
  }
}

type Call = (name: string, args: Args, kwargs: Kwargs, retries: number) => unknown;

const NOTHING = Symbol('a chain without steps');

class Eager {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async run(canvas: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    const value = await this.#part(canvas, args, kwargs);
    return value === NOTHING ? null : value;
  }

  /** The value of a part; throws its failure once its error callbacks have run. */
  #part(part: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    switch (kindOf(part)) {
      case 'task':
        return this.#task(part, args, kwargs);
      case 'map':
      case 'starmap':
        return this.#map(part);
      case 'chunks':
        return this.#all(chunksOf(part), [], {});
      case 'group':
        return this.#all(membersOf(part), args, kwargs);
      case 'chord':
        return this.#chord(part, args, kwargs);
      case 'chain':
        return onlyEmptyGroups(part) ? Promise.resolve([]) : this.#chain(stepsOf(part, true), args, kwargs);
    }
  }

  async #task(part: Signature, before: Args, named: Kwargs): Promise<unknown> {
    const own = { args: part.args ?? [], kwargs: part.kwargs ?? {} };
    const args = part.immutable === true ? own.args : [...before, ...own.args];
    const kwargs = part.immutable === true ? own.kwargs : { ...own.kwargs, ...named };
    const value = await this.#guard(part, () => this.#attempts(part, args, kwargs));
    if (value instanceof ReplaceBy) return this.#part(inPlaceOf(part, value.canvas), [], {});
    await this.#links(part, value);
    return value;
  }

  async #attempts(part: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    if (part.task === ACCUMULATE) return args[0];
    for (let retries = 0, now = args; ; retries += 1) {
      try {
        return await this.#call(part.task, now, kwargs, retries);
      } catch (error) {
        if (error instanceof ReplaceBy) return error;
        if (!(error instanceof TryAgain)) throw error;
        if (retries >= error.again.maxRetries) throw error.again.error ?? error;
        now = error.again.args ?? now;
      }
    }
  }

  async #map(part: Signature): Promise<unknown> {
    const { task, items } = mapOf(part);
    const values: unknown[] = [];
    await this.#guard(part, async () => {
      for (const item of items) {
        const args = kindOf(part) === 'starmap' && Array.isArray(item) ? (item as Args) : [item];
        values.push(await this.#call(task.task, [...args, ...(task.args ?? [])], task.kwargs ?? {}, 0));
      }
    });
    await this.#links(part, values);
    return values;
  }

  /** All members run, whatever becomes of the others; then the first failure is thrown. */
  async #all(members: readonly Signature[], args: Args, kwargs: Kwargs): Promise<unknown[]> {
    const values: unknown[] = [];
    let failed: { readonly error: unknown } | undefined;
    for (const member of members) {
      try {
        const value = await this.#part(member, args, kwargs);
        if (value !== NOTHING) values.push(value);
      } catch (error) {
        failed ??= { error };
      }
    }
    if (failed !== undefined) throw failed.error;
    return values;
  }

  async #chord(part: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    const { header, body, kwargs: own } = chordOf(part);
    const given = part.immutable === true ? (part.args ?? []) : [...args, ...(part.args ?? [])];
    const last = withCallbacks(body ?? EMPTY, optionsOf(part));
    const { link_error: errbacks } = optionsOf(part);
    // Chords in a header share the error callbacks of the chord around them.
    const members = header.map((one) => (kindOf(one) === 'chord' ? withCallbacks(one, { link_error: errbacks }) : one));
    const values = await this.#header(members.flatMap(flat), given, { ...own, ...kwargs }, last);
    return this.run(last, [values], {});
  }

  async #header(members: readonly Signature[], args: Args, kwargs: Kwargs, body: Signature): Promise<unknown[]> {
    try {
      return await this.#all(members, args, kwargs);
    } catch (error) {
      const failed = new HeaderFailed(error);
      for (const told of callsOf(body)) await this.#tell(told, failed);
      throw failed;
    }
  }

  /** The value of each step goes to the next. */
  async #chain(steps: readonly Signature[], args: Args, kwargs: Kwargs): Promise<unknown> {
    let value: unknown = NOTHING;
    for (const [index, step] of upgraded(steps).entries())
      value = await this.#part(step, index === 0 ? args : [value], index === 0 ? kwargs : {});
    return value;
  }

  async #guard(part: Signature, work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      await this.#tell(part, error);
      throw error;
    }
  }

  async #tell(part: Signature, error: unknown): Promise<void> {
    for (const errback of signatureList(optionsOf(part).link_error)) {
      const failed = { task: part.task, message: error instanceof Error ? error.message : String(error) };
      await this.run(errback, [{ failed }], {}).catch(() => undefined);
    }
  }

  async #links(part: Signature, value: unknown): Promise<void> {
    for (const link of signatureList(optionsOf(part).link)) await this.run(link, [value], {}).catch(() => undefined);
  }
}

const EMPTY: Signature = { task: 'celery.chain', kwargs: { tasks: [] }, subtask_type: 'chain' };

function isEmptyGroup(part: Signature): boolean {
  return kindOf(part) === 'group' && tasksOf(part).length === 0;
}

function isNothing(part: Signature): boolean {
  return kindOf(part) === 'chain' && stepsOf(part, true).length === 0 && !onlyEmptyGroups(part);
}

function flat(part: Signature): readonly Signature[] {
  return kindOf(part) === 'group' ? membersOf(part) : [part];
}

function membersOf(group: Signature): readonly Signature[] {
  const { link, link_error: errbacks } = optionsOf(group);
  return tasksOf(group)
    .flatMap(flat)
    .filter((member) => !isNothing(member))
    .map((member) => withCallbacks(member, { link, link_error: errbacks }));
}

function only(part: Signature): Signature {
  const [member, ...others] = tasksOf(part);
  if (kindOf(part) !== 'group' || member === undefined || others.length > 0) return part;
  return withCallbacks(member, optionsOf(part));
}

/** Steps without chains in chains, groups of one and empty groups; with the callbacks of the chains around them. */
function stepsOf(chain: Signature, first: boolean): readonly Signature[] {
  const { link, link_error: errbacks } = optionsOf(chain);
  const steps = tasksOf(chain).flatMap((task, index): readonly Signature[] => {
    const once = only(task);
    const step = first && index === 0 ? only(once) : once;
    if (isEmptyGroup(step)) return [];
    return kindOf(step) === 'chain' ? stepsOf(step, first && index === 0) : splitBody(step);
  });
  const last = steps.length - 1;
  return steps.map((step, index) => {
    if (index === last) return withCallbacks(step, { link, link_error: errbacks });
    // A group before another step is a header: the step behind it is told, not its members.
    return kindOf(step) === 'group' ? step : withCallbacks(step, { link_error: errbacks });
  });
}

/** Of a body that is a chain, all but the first step go on behind the chord. */
function splitBody(part: Signature): readonly Signature[] {
  const { body } = kindOf(part) === 'chord' ? chordOf(part) : { body: undefined };
  const [leader] = body === undefined || kindOf(body) !== 'chain' ? [] : tasksOf(body);
  if (body === undefined || leader === undefined || kindOf(leader) === 'group') return [part];
  const { link, link_error: errbacks } = optionsOf(part);
  const [head, ...rest] = stepsOf(withCallbacks(body, { link, link_error: errbacks }), false);
  if (head === undefined || kindOf(head) === 'group') return [part];
  return [
    { ...part, kwargs: { ...part.kwargs, body: head }, options: { link_error: signatureList(errbacks) } },
    ...rest,
  ];
}

function withCallbacks(part: Signature, extra: { readonly link?: unknown; readonly link_error?: unknown }): Signature {
  const own = optionsOf(part);
  const join = (mine: unknown, more: unknown): readonly Signature[] => {
    const had = signatureList(mine);
    const known = had.map((one) => JSON.stringify(one));
    return [...had, ...signatureList(more).filter((one) => !known.includes(JSON.stringify(one)))];
  };
  const options = { ...own, link: join(own.link, extra.link), link_error: join(own.link_error, extra.link_error) };
  return { ...part, options };
}

/** A chain of nothing but empty groups is an empty group; one without anything is nothing. */
function onlyEmptyGroups(chain: Signature): boolean {
  const holds = (part: Signature): boolean =>
    tasksOf(part).some((step) => kindOf(step) === 'group' || (kindOf(step) === 'chain' && holds(step)));
  return stepsOf(chain, true).length === 0 && holds(chain);
}

/** Says whether the value is the list of a group. */
function endsInGroup(part: Signature): boolean {
  const kind = kindOf(part);
  if (kind === 'group') return true;
  if (kind === 'chord') return endsInGroup(chordOf(part).body ?? EMPTY);
  if (kind !== 'chain') return false;
  const last = stepsOf(part, true).at(-1);
  return last === undefined ? onlyEmptyGroups(part) : endsInGroup(last);
}

/** Steps in which each group that has a step behind it is a chord with that step. */
function upgraded(steps: readonly Signature[]): readonly Signature[] {
  return steps.reduceRight<readonly Signature[]>((behind, step) => {
    const [next, ...others] = behind;
    return next !== undefined && endsInGroup(step) ? [asHeader(step, next), ...others] : [step, ...behind];
  }, []);
}

/** The chord that a part that ends in a group is together with the step behind it. */
function asHeader(part: Signature, next: Signature): Signature {
  const kind = kindOf(part);
  if (kind === 'chord') {
    const own = withCallbacks(chordOf(part).body ?? EMPTY, optionsOf(part));
    return { ...part, kwargs: { ...part.kwargs, body: asHeader(own, next) }, options: {} };
  }
  if (kind === 'group')
    return { task: 'celery.chord', kwargs: { header: membersOf(part), body: next, kwargs: {} }, subtask_type: 'chord' };
  const steps = stepsOf(part, true);
  const last = steps.at(-1) ?? EMPTY;
  return { ...EMPTY, kwargs: { tasks: [...steps.slice(0, -1), asHeader(last, next)] } };
}

/** The calls that are told when a body cannot run: of a chain of several steps, the chain as a whole. */
function callsOf(body: Signature): readonly Signature[] {
  const kind = kindOf(body);
  if (kind === 'group') return membersOf(body).flatMap(callsOf);
  if (kind === 'chord') return callsOf(withCallbacks(chordOf(body).body ?? EMPTY, optionsOf(body)));
  if (kind !== 'chain') return [body];
  const steps = upgraded(stepsOf(body, true));
  return steps.length === 1 ? steps.flatMap(callsOf) : [body];
}

function chunksOf(part: Signature): readonly Signature[] {
  const { task, items, size } = mapOf(part);
  const parts: Signature[] = [];
  for (let at = 0; at < items.length; at += size) {
    const kwargs = { task, it: items.slice(at, at + size) };
    parts.push({ task: 'celery.starmap', kwargs, options: part.options ?? {}, immutable: true });
  }
  return parts;
}

/** A replacement, with the callbacks of the call that it takes the place of. */
function inPlaceOf(part: Signature, canvas: Signature): Signature {
  if (isNothing(canvas)) throw new TypeError('replaced by an empty chain');
  const { link, link_error: errbacks } = optionsOf(part);
  // The list of a group is one result, so callbacks wait for all of it.
  const whole = kindOf(canvas) === 'group' ? chordOfGroup(canvas) : canvas;
  return withCallbacks(whole, { link, link_error: errbacks });
}

/** Gives back its argument; Celery's own name for it. */
const ACCUMULATE = 'celery.accumulate';

function chordOfGroup(group: Signature): Signature {
  const kwargs = { header: [group], body: { task: ACCUMULATE }, kwargs: {} };
  return { task: 'celery.chord', kwargs, subtask_type: 'chord' };
}
