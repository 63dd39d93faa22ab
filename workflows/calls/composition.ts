/**
 * `chain`, `group` and `chord` for workflows that are written by hand: the words
 * of a canvas over typed calls, awaited like anything else. A canvas is data and
 * may come from outside; these are code and may hold conditions and loops.
 *
 *   const texts = await group(ids.map((id) => tasks.documents.readDocument(of(id))), { limit: 50 });
 */
import { isCancellation } from '@temporalio/workflow';
import { runWindow } from '../../concurrency/window.ts';
import { type FailureRecord, PerennialError } from '../../contracts/failures.ts';
import { failureOf } from '../failures.ts';

/**
 * Work that has not begun: it begins when it is first awaited, or when the
 * composition that holds it begins it. Awaiting it again gives the same
 * result and does nothing twice. Wherever a promise is wanted, a call will do.
 *
 * @example
 * ```ts
 * const call = new Call(() => Promise.resolve(5));
 * const [five, same] = [await call, await call];
 * ```
 */
export class Call<Out> implements Promise<Out> {
  readonly [Symbol.toStringTag] = 'Call';
  readonly #begin: () => Promise<Out>;
  #running: Promise<Out> | undefined;

  constructor(begin: () => Promise<Out>) {
    this.#begin = begin;
  }

  then<Done = Out, Failed = never>(
    onDone?: ((value: Out) => Done | PromiseLike<Done>) | null,
    onFailed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    return this.#run().then(onDone, onFailed);
  }

  catch<Failed = never>(onFailed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null): Promise<Out | Failed> {
    return this.#run().catch(onFailed);
  }

  finally(onEnd?: (() => void) | null): Promise<Out> {
    return this.#run().finally(onEnd);
  }

  #run(): Promise<Out> {
    return (this.#running ??= this.#begin());
  }
}

/** A member of a composition: a call or a function. A promise is none, because it has begun already. */
export type Member<Out> = Call<Out> | (() => Out | PromiseLike<Out>);

/** What follows in a chain: a function of the result before it, or a call that needs none. */
export type Step<In, Out> = Call<Out> | ((result: In) => Out | PromiseLike<Out>);

/** What became of one member of a group that collects. */
export type MemberOutcome<Out> =
  { readonly ok: true; readonly value: Out } | { readonly ok: false; readonly failure: FailureRecord };

/**
 * What the failure of a member means for the others:
 *
 * - `all`: every member comes to its end; then the failure that came first is thrown, as in a canvas
 * - `stop`: no further member begins; those under way come to their end; then the first failure is thrown
 * - `collect`: every member comes to its end and nothing is thrown; the results are outcomes
 *
 * A cancellation is no failure of a member: it stops every group.
 */
export type Join = 'all' | 'stop' | 'collect';

/** How a group runs. */
export interface GroupOptions<J extends Join = Join> {
  /** Members under way at once; a whole number of at least 1. @defaultValue 50 */
  readonly limit?: number;
  /** @defaultValue 'all' */
  readonly join?: J;
}

type Given<M> = M extends Member<infer Out> ? Out : never;
type Values<Members> = { readonly [K in keyof Members]: Given<Members[K]> };
type Outcomes<Members> = { readonly [K in keyof Members]: MemberOutcome<Given<Members[K]>> };
type Results<Members, J> = J extends 'collect' ? Outcomes<Members> : Values<Members>;

/** Enough to keep a fleet busy, and few enough that no group shuts out the work of others. */
const DEFAULT_LIMIT = 50;

/**
 * Members side by side, within a window: the list of their results, in the order
 * of the members and typed each for itself.
 *
 * @throws PerennialError `InvalidInput` for a limit that is none
 * @throws the first failure, unless outcomes are collected
 *
 * @example
 * ```ts
 * const sizes = await group(
 *   [1, 2, 3].map((n) => () => n * n),
 *   { limit: 2, join: 'collect' },
 * );
 * ```
 */
export function group<const Members extends readonly Member<unknown>[], const J extends Join = 'all'>(
  members: Members,
  options: GroupOptions<J> = {},
): Call<Results<Members, J>> {
  // Which of the two lists it is follows from `join`, as in the type.
  return new Call(async () => (await runGroup(members, options)) as Results<Members, J>);
}

/**
 * Members side by side, then a body that is given the list of their results. A
 * failed member keeps the body from running, unless outcomes are collected.
 *
 * @throws what `group` throws, and what the body throws
 *
 * @example
 * ```ts
 * const total = await chord([() => 1, () => 2], (numbers) => numbers[0] + numbers[1]);
 * ```
 */
export function chord<const Members extends readonly Member<unknown>[], Out, const J extends Join = 'all'>(
  members: Members,
  body: Step<Results<Members, J>, Out>,
  options: GroupOptions<J> = {},
): Call<Out> {
  return chain(group(members, options), body);
}

/**
 * Steps one after the other, each given the result of the one before; of more than five steps, put a chain into a chain.
 *
 * @example
 * ```ts
 * const text = await chain(
 *   () => 5,
 *   (n) => n * 2,
 *   (n) => `ten is ${n}`,
 * );
 * ```
 */
export function chain<A, B>(first: Member<A>, second: Step<A, B>): Call<B>;
export function chain<A, B, C>(first: Member<A>, second: Step<A, B>, third: Step<B, C>): Call<C>;
export function chain<A, B, C, D>(first: Member<A>, second: Step<A, B>, third: Step<B, C>, fourth: Step<C, D>): Call<D>;
export function chain<A, B, C, D, E>(
  first: Member<A>,
  second: Step<A, B>,
  third: Step<B, C>,
  fourth: Step<C, D>,
  fifth: Step<D, E>,
): Call<E>;
export function chain(...steps: readonly Step<unknown, unknown>[]): Call<unknown> {
  return new Call(async () => {
    let result: unknown;
    for (const step of steps) result = await begin(step, result);
    return result;
  });
}

function begin<In, Out>(step: Step<In, Out>, result: In): Out | PromiseLike<Out> {
  return step instanceof Call ? step : step(result);
}

async function runGroup(
  members: readonly Member<unknown>[],
  { limit = DEFAULT_LIMIT, join = 'all' }: GroupOptions,
): Promise<readonly unknown[]> {
  if (!Number.isInteger(limit) || limit < 1)
    throw new PerennialError('InvalidInput', `group: expected a limit of at least 1, got ${String(limit)}`);
  const results = new Array<unknown>(members.length);
  let first: { readonly error: unknown } | undefined;
  await runWindow<readonly [number, Member<unknown>]>({
    limit: Math.min(limit, members.length),
    next: entriesOf(members),
    work: async ([index, member]) => {
      try {
        const value = await begin(member, undefined);
        results[index] = join === 'collect' ? { ok: true, value } : value;
      } catch (error) {
        // Thrown to the window, it ends the group once those under way have ended.
        if (join === 'stop' || isCancellation(error)) throw error;
        first ??= { error };
        results[index] = { ok: false, failure: failureOf(error) };
      }
    },
  });
  if (first !== undefined && join !== 'collect') throw first.error;
  return results;
}

function entriesOf<T>(items: readonly T[]): () => Promise<readonly [number, T] | undefined> {
  const entries = items.entries();
  return () => Promise.resolve(entries.next().value);
}
