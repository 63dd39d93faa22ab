/**
 * A second, small evaluator of canvases, written without the plan and the
 * engine: one call after the other, by recursion over the data. It is the oracle
 * of the property tests, and the eager mode in which users test canvases without
 * a server. It knows results, errors and callbacks, and no time: delays, expiry,
 * priorities and limits are ignored.
 */
import { joinOf } from '../model/join.ts';
import { ACCUMULATE, resolveJoins } from '../plan/joined-groups.ts';
import { joinEagerly } from './join.ts';
import { eagerStep, Instead } from './steps.ts';
import {
  callsOf,
  chunksOf,
  EMPTY,
  flat,
  inPlaceOf,
  isNothing,
  membersOf,
  onlyEmptyGroups,
  stepsOf,
  upgraded,
  withCallbacks,
} from './shapes.ts';
import { chordOf, kindOf, mapOf, optionsOf, type Signature, signatureList } from '../signature/signature.ts';

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
    return { result: { ok: true, value: await eager.run(resolveJoins(canvas), args, kwargs) }, calls };
  } catch (error) {
    await eager.undo();
    return { result: { ok: false, error }, calls };
  }
}

type Call = (name: string, args: Args, kwargs: Kwargs, retries: number) => unknown;

const NOTHING = Symbol('a chain without steps');

class Eager {
  readonly #call: Call;
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(call: Call) {
    this.#call = call;
  }

  /** Compensations, the last first; what fails is nobody's. */
  async undo(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo().catch(() => undefined);
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
    const value = await this.#called(part, args, kwargs);
    const { compensate } = optionsOf(part);
    if (compensate) this.#undo.push(() => this.run(compensate, [{ input: { args, kwargs }, result: value }], {}));
    return value;
  }

  async #called(part: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    const value = await this.#guard(part, async () => {
      const own = eagerStep(part, args);
      return own === undefined ? await this.#attempts(part, args, kwargs) : own;
    });
    if (value instanceof Instead) return this.#part(inPlaceOf(part, resolveJoins(value.canvas)), value.args, {});
    if (value instanceof ReplaceBy) return this.#part(inPlaceOf(part, resolveJoins(value.canvas)), [], {});
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
    const values = await this.#header({ ...part, kwargs: { header: members.flatMap(flat), body: last } }, given, {
      ...own,
      ...kwargs,
    });
    return this.run(last, [values], {});
  }

  async #header(chord: Signature, args: Args, kwargs: Kwargs): Promise<readonly unknown[]> {
    const { header, body = EMPTY } = chordOf(chord);
    const join = joinOf(chord);
    try {
      if (join === undefined) return await this.#all(header, args, kwargs);
      const members = header.filter((member) => !isNothing(member));
      return await joinEagerly(join, members.length, (at) => this.#part(members[at] ?? EMPTY, args, kwargs));
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
