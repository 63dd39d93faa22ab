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
  /** Error callbacks that were told of it, as JSON. */
  readonly told: ReadonlySet<string>;

  constructor(cause: unknown, told: ReadonlySet<string>) {
    super(`a header member failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.told = told;
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
    return { result: { ok: true, value: await eager.whole(resolveJoins(canvas), args, kwargs) }, calls };
  } catch (error) {
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

  /** Runs a canvas, and undoes it when it fails: the last call first; failures of compensations are ignored. */
  async whole(canvas: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    try {
      return await this.run(canvas, args, kwargs);
    } catch (error) {
      for (const undo of this.#undo.splice(0).reverse()) await undo().catch(() => undefined);
      throw error;
    }
  }

  async run(canvas: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    const value = await this.#value(canvas, args, kwargs);
    return value === NOTHING ? null : value;
  }

  /** The value of a signature; throws its failure once its error callbacks have run. */
  #value(signature: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    switch (kindOf(signature)) {
      case 'task':
        return this.#task(signature, args, kwargs);
      case 'map':
      case 'starmap':
        return this.#map(signature);
      case 'chunks':
        return this.#all(chunksOf(signature), [], {});
      case 'group':
        return this.#all(membersOf(signature), args, kwargs);
      case 'chord':
        return this.#chord(signature, args, kwargs);
      case 'chain':
        return onlyEmptyGroups(signature) ? Promise.resolve([]) : this.#chain(stepsOf(signature, true), args, kwargs);
    }
  }

  async #task(signature: Signature, before: Args, named: Kwargs): Promise<unknown> {
    const own = { args: signature.args ?? [], kwargs: signature.kwargs ?? {} };
    const args = signature.immutable === true ? own.args : [...before, ...own.args];
    const kwargs = signature.immutable === true ? own.kwargs : { ...own.kwargs, ...named };
    const value = await this.#called(signature, args, kwargs);
    const { compensate } = optionsOf(signature);
    if (compensate) this.#undo.push(() => this.run(compensate, [{ input: { args, kwargs }, result: value }], {}));
    return value;
  }

  async #called(signature: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    const value = await this.#guard(signature, async () => {
      const own = eagerStep(signature, args);
      return own === undefined ? await this.#attempts(signature, args, kwargs) : own;
    });
    if (value instanceof Instead) return this.#value(inPlaceOf(signature, resolveJoins(value.canvas)), value.args, {});
    if (value instanceof ReplaceBy) return this.#value(inPlaceOf(signature, resolveJoins(value.canvas)), [], {});
    await this.#links(signature, value);
    return value;
  }

  async #attempts(signature: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    if (signature.task === ACCUMULATE) return args[0];
    for (let retries = 0, now = args; ; retries += 1) {
      try {
        return await this.#call(signature.task, now, kwargs, retries);
      } catch (error) {
        if (error instanceof ReplaceBy) return error;
        if (!(error instanceof TryAgain)) throw error;
        if (retries >= error.again.maxRetries) throw error.again.error ?? error;
        now = error.again.args ?? now;
      }
    }
  }

  async #map(signature: Signature): Promise<unknown> {
    const { task, items } = mapOf(signature);
    const values: unknown[] = [];
    await this.#guard(signature, async () => {
      for (const item of items) {
        const args = kindOf(signature) === 'starmap' && Array.isArray(item) ? (item as Args) : [item];
        values.push(await this.#call(task.task, [...args, ...(task.args ?? [])], task.kwargs ?? {}, 0));
      }
    });
    await this.#links(signature, values);
    return values;
  }

  /** All members run, whatever becomes of the others; then the first failure is thrown. */
  async #all(members: readonly Signature[], args: Args, kwargs: Kwargs, failures: unknown[] = []): Promise<unknown[]> {
    const values: unknown[] = [];
    for (const member of members) {
      try {
        const value = await this.#value(member, args, kwargs);
        if (value !== NOTHING) values.push(value);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return values;
  }

  async #chord(signature: Signature, args: Args, kwargs: Kwargs): Promise<unknown> {
    const { header, body, kwargs: own } = chordOf(signature);
    const given = signature.immutable === true ? (signature.args ?? []) : [...args, ...(signature.args ?? [])];
    const last = withCallbacks(body ?? EMPTY, optionsOf(signature));
    const { link_error: errbacks } = optionsOf(signature);
    // Chords in a header share the error callbacks of the chord around them.
    const members = header.map((one) => (kindOf(one) === 'chord' ? withCallbacks(one, { link_error: errbacks }) : one));
    const values = await this.#header({ ...signature, kwargs: { header: members.flatMap(flat), body: last } }, given, {
      ...own,
      ...kwargs,
    });
    return this.run(last, [values], {});
  }

  async #header(chord: Signature, args: Args, kwargs: Kwargs): Promise<readonly unknown[]> {
    const { header, body = EMPTY } = chordOf(chord);
    const join = joinOf(chord);
    const failures: unknown[] = [];
    try {
      if (join === undefined) return await this.#all(header, args, kwargs, failures);
      const members = header.filter((member) => !isNothing(member));
      return await joinEagerly(join, members.length, (at) => this.#value(members[at] ?? EMPTY, args, kwargs));
    } catch (error) {
      const before = toldIn(join === undefined ? failures : [error]);
      const calls = callsOf(body);
      const failed = new HeaderFailed(error, new Set([...before, ...calls.flatMap(errbacksAsJson)]));
      for (const told of calls) await this.#tell(told, failed, before);
      throw failed;
    }
  }

  /** The value of each step goes to the next. */
  async #chain(steps: readonly Signature[], args: Args, kwargs: Kwargs): Promise<unknown> {
    let value: unknown = NOTHING;
    const all = upgraded(steps);
    for (const [index, step] of all.entries()) {
      const next = this.#value(step, index === 0 ? args : [value], index === 0 ? kwargs : {});
      value = index === all.length - 1 ? await next : await next.catch(untold);
    }
    return value;
  }

  async #guard(signature: Signature, work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      await this.#tell(signature, error);
      throw error;
    }
  }

  async #tell(signature: Signature, error: unknown, before?: ReadonlySet<string>): Promise<void> {
    for (const errback of signatureList(optionsOf(signature).link_error)) {
      if (before?.has(JSON.stringify(errback)) === true) continue;
      const failed = { task: signature.task, message: error instanceof Error ? error.message : String(error) };
      await this.#beside(errback, { failed });
    }
  }

  async #links(signature: Signature, value: unknown): Promise<void> {
    for (const link of signatureList(optionsOf(signature).link)) await this.#beside(link, value);
  }

  /** A callback is a canvas of its own, with compensations of its own; its failure is ignored. */
  async #beside(callback: Signature, value: unknown): Promise<void> {
    await new Eager(this.#call).whole(callback, [value], {}).catch(() => undefined);
  }
}

function errbacksAsJson(signature: Signature): readonly string[] {
  return signatureList(optionsOf(signature).link_error).map((errback) => JSON.stringify(errback));
}

/** What bodies inside of a header have told of its failures. */
function toldIn(errors: readonly unknown[]): ReadonlySet<string> {
  return new Set(errors.flatMap((error) => (error instanceof HeaderFailed ? [...error.told] : [])));
}

/** A failure that later steps of a chain fail with as well: nobody was told of that. */
function untold(error: unknown): never {
  throw error instanceof HeaderFailed ? new HeaderFailed(error.cause, new Set()) : error;
}
