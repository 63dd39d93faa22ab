/**
 * Builders of canvases. They give plain data in Celery's JSON; their types know
 * what each signature takes from the step before it and what it gives, so that a step
 * that cannot take the result before it does not compile.
 */
import type { MemberOutcome } from '../model/join.ts';
import type { Signature, SignatureOptions, Join } from '../signature/signature.ts';
import type { TypedSignature, AnySignature, Data, Takes, Gives } from './typed.ts';

/** What of a task's row the builders need; rows of the catalogue fit. */
export interface TaskRow<In, Out> {
  readonly name: string;
  readonly parameters?: readonly string[];
  readonly types?: readonly [In, Out];
}

/** The calls that can be made of one task. */
export interface TaskSignatures<In, Out> {
  /** A call that takes what is missing of its input from the step before it. */
  s(): TypedSignature<Data<In>, Out>;
  s<const P extends Partial<In>>(partial: P): TypedSignature<Data<Omit<In, keyof P>>, Out>;
  /** A call with all of its input, which ignores the step before it. */
  si(input: In): TypedSignature<unknown, Out>;
  /**
   * A call that takes the value before it as one field of its input.
   *
   * @throws TypeError unless the field is the first of the task's parameters
   */
  into<K extends keyof In & string>(field: K, rest: Omit<In, K>): TypedSignature<Data<In[K]>, Out>;
  /** Calls for each item, one after the other: one result, a list. */
  map(items: readonly In[]): TypedSignature<unknown, readonly Out[]>;
  /** As `map`, each item being the values of the task's parameters. */
  starmap(rows: readonly (readonly unknown[])[]): TypedSignature<unknown, readonly Out[]>;
  /** Rows as for `starmap` in chunks of `size`, the chunks side by side: a list of lists. */
  chunks(rows: readonly (readonly unknown[])[], size: number): TypedSignature<unknown, readonly (readonly Out[])[]>;
}

function build(
  task: string,
  fields: Pick<Signature, 'args' | 'kwargs' | 'subtask_type' | 'immutable' | 'options'> = {},
): Signature {
  return { task, args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false, ...fields };
}

/**
 * The calls that can be made of a task of the catalogue.
 *
 * @example
 * ```ts
 * const addOne = task(sampleTasks.addOne);
 * const six = addOne.si({ data: 5 });
 * ```
 */
export function task<In, Out>({ name, parameters = [] }: TaskRow<In, Out>): TaskSignatures<In, Out> {
  const call = (input: unknown, immutable: boolean): Signature =>
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? build(name, { kwargs: { ...input }, immutable })
      : build(name, { args: input === undefined ? [] : [input], immutable });
  const items = (kind: string, kwargs: Record<string, unknown>): Signature =>
    build(kind, { kwargs: { task: build(name), ...kwargs }, immutable: true });
  return {
    s: (partial?: unknown) => call(partial, false),
    si: (input) => call(input, true),
    into: (field, rest) => {
      if (parameters[0] !== field)
        throw new TypeError(
          `${name}: expected its first parameter (${parameters[0] ?? 'it has none'}), got '${field}'`,
        );
      return call(rest, false);
    },
    map: (list) => items('celery.map', { it: list }),
    starmap: (rows) => items('celery.starmap', { it: rows }),
    chunks: (rows, size) => items('celery.chunks', { it: rows, n: size }),
  };
}

/** Steps whose every step takes what the one before it gives; a step that does not has an error at its argument. */
type Linked<Steps, Prev> = Steps extends readonly [infer Head, ...infer Rest]
  ? readonly [Prev extends Takes<Head> ? Head : TypedSignature<Prev, Gives<Head>>, ...Linked<Rest, Gives<Head>>]
  : readonly [];

type Last<Steps> = Steps extends readonly [...unknown[], infer End] ? End : never;

/**
 * Steps one after the other, each given the result of the one before.
 *
 * @example
 * ```ts
 * const { addOne, square } = sampleTasks;
 * const thirtySix = chain(task(addOne).si({ data: 5 }), task(square).into('data', {}));
 * ```
 */
export function chain<const Steps extends readonly [AnySignature, ...AnySignature[]]>(
  ...steps: Steps & Linked<Steps, Takes<Steps[0]>>
): TypedSignature<Takes<Steps[0]>, Gives<Last<Steps>>> {
  return build('celery.chain', { kwargs: { tasks: [...steps] }, subtask_type: 'chain' });
}

/** What all members take, and the list of what they give, in order. */
type Together<Members extends readonly AnySignature[]> = TypedSignature<
  Takes<Members[number]>,
  { readonly [K in keyof Members]: Gives<Members[K]> }
>;

/** What members give by a join policy: all in order, outcomes, or the values of those that succeeded. */
type Joined<Members extends readonly AnySignature[], J extends Join> = J extends { readonly policy: 'failFast' }
  ? { readonly [K in keyof Members]: Gives<Members[K]> }
  : J extends { readonly policy: 'collect' }
    ? { readonly [K in keyof Members]: MemberOutcome<Gives<Members[K]>> }
    : readonly Gives<Members[number]>[];

/**
 * Members side by side, each given what comes before; the list of their results, or what the join policy gives.
 *
 * @example
 * ```ts
 * const square = task(sampleTasks.square);
 * const squares = group([square.si({ data: 2 }), square.si({ data: 3 })], { join: { policy: 'collect' } });
 * ```
 */
export function group<const Members extends readonly AnySignature[]>(members: Members): Together<Members>;
export function group<const Members extends readonly AnySignature[], const J extends Join>(
  members: Members,
  options: { readonly join: J },
): TypedSignature<Takes<Members[number]>, Joined<Members, J>>;
export function group(members: readonly Signature[], options: SignatureOptions = {}): Signature {
  return build('celery.group', { kwargs: { tasks: [...members] }, subtask_type: 'group', options });
}

/**
 * Members side by side, then a body that is given the list of their results, or what the join policy gives.
 *
 * @example
 * ```ts
 * const square = task(sampleTasks.square);
 * const squares = [2, 3].map((data) => square.si({ data }));
 * const thirteen = chord(squares, task(sampleTasks.sum).into('data', {}));
 * ```
 */
export function chord<const Members extends readonly AnySignature[], Out>(
  header: Members,
  body: TypedSignature<Gives<Together<Members>>, Out>,
): TypedSignature<Takes<Members[number]>, Out>;
export function chord<const Members extends readonly AnySignature[], const J extends Join, Out>(
  header: Members,
  body: TypedSignature<Joined<Members, J>, Out>,
  options: { readonly join: J },
): TypedSignature<Takes<Members[number]>, Out>;
export function chord(header: readonly Signature[], body: Signature, options: SignatureOptions = {}): Signature {
  const kwargs = { kwargs: {}, header: [...header], body };
  return build('celery.chord', { kwargs, subtask_type: 'chord', options });
}
