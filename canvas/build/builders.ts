/**
 * Builders of canvases. They give plain data in Celery's JSON; their types know
 * what each signature takes from the step before it and what it gives, so that a step
 * that cannot take the result before it does not compile.
 */
import type { MemberOutcome } from '../model/join.ts';
import type { FailedCall } from '../engine/runtime.ts';
import {
  chordOf,
  kindOf,
  optionsOf,
  type Signature,
  signatureList,
  type SignatureOptions,
  tasksOf,
  type Join,
} from '../signature/signature.ts';

declare const types: unique symbol;

/** A signature that takes `Prev` from what comes before it and gives `Out`. */
export interface TypedSignature<Prev, Out> extends Signature {
  /** Never set: carries the types. */
  readonly [types]?: { readonly take: (prev: Prev) => void; readonly give: Out };
}

/** Any signature, whatever it takes and gives. */
export type AnySignature = TypedSignature<never, unknown>;

/** What a signature takes from the step before it. */
export type Takes<P> = P extends TypedSignature<infer Prev, unknown> ? Prev : never;

/** What a signature gives. */
export type Gives<P> = P extends TypedSignature<never, infer Out> ? Out : never;

/** What of a task's row the builders need; rows of the catalogue fit. */
export interface TaskRow<In, Out> {
  readonly name: string;
  readonly parameters?: readonly string[];
  readonly types?: readonly [In, Out];
}

/** A value as read-only JSON: lists of a result fit wherever lists are wanted. */
type Data<T> = T extends readonly unknown[] | Readonly<Record<string, unknown>>
  ? { readonly [K in keyof T]: Data<T[K]> }
  : T;

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

/**
 * The signature, ignoring what comes before it.
 *
 * @example
 * ```ts
 * const { addOne, square } = sampleTasks;
 * const four = chain(task(addOne).si({ data: 5 }), immutable(task(square).s({ data: 2 })));
 * ```
 */
export function immutable<Out>(signature: TypedSignature<never, Out>): TypedSignature<unknown, Out> {
  const data: Signature = signature;
  return { ...data, immutable: true };
}

/**
 * The signature with options, which override those it has. Durations are in seconds.
 *
 * @example
 * ```ts
 * const later = withOptions(task(sampleTasks.square).si({ data: 2 }), { countdown: 60, queue: 'documents.low_priority' });
 * ```
 */
export function withOptions<P extends AnySignature>(signature: P, options: SignatureOptions): P {
  return { ...signature, options: { ...signature.options, ...options } };
}

/**
 * Lets a callback be called with the signature's result. As in Celery, a chord passes
 * it to its body, and a group links its first member, without a result.
 *
 * @example
 * ```ts
 * const { addOne, square } = sampleTasks;
 * const linked = withLink(task(square).si({ data: 2 }), task(addOne).into('data', {}));
 * ```
 */
export function withLink<P extends AnySignature>(signature: P, callback: TypedSignature<Gives<P>, unknown>): P {
  return attach(signature, 'link', callback);
}

/**
 * Lets a callback be called once the signature has failed for good. As in Celery, a
 * chord passes it to its body, and a group to each of its members.
 *
 * @example
 * ```ts
 * const alarm = task<{ readonly failed: FailedCall }, null>({ name: 'own.alarm' });
 * const watched = withErrorLink(task(sampleTasks.square).si({ data: 2 }), alarm.s());
 * ```
 */
export function withErrorLink<P extends AnySignature>(
  signature: P,
  callback: TypedSignature<{ readonly failed: FailedCall }, unknown>,
): P {
  return attach(signature, 'link_error', callback);
}

function attach<P extends Signature>(signature: P, option: 'link' | 'link_error', callback: Signature): P {
  const kind = kindOf(signature);
  if (kind === 'chord') {
    const { body } = chordOf(signature);
    return { ...signature, kwargs: { ...signature.kwargs, body: body && attach(body, option, callback) } };
  }
  // With a join policy a group has one result, and callbacks of its own.
  if (kind === 'group' && (signature.options?.join ?? null) === null) {
    const tasks = tasksOf(signature).map((member, index) => attachToMember(member, index, option, callback));
    return { ...signature, kwargs: { ...signature.kwargs, tasks } };
  }
  const had = signatureList(optionsOf(signature)[option]);
  return { ...signature, options: { ...signature.options, [option]: [...had, callback] } };
}

function attachToMember(
  member: Signature,
  index: number,
  option: 'link' | 'link_error',
  callback: Signature,
): Signature {
  if (option === 'link_error') return attach(member, option, callback);
  return index === 0 ? attach(member, option, { ...callback, immutable: true }) : member;
}

/**
 * Marks every call of the signature, its callbacks included, with named values.
 *
 * @example
 * ```ts
 * const stamped = withStamps(task(sampleTasks.square).si({ data: 2 }), { order: 'A-17' });
 * ```
 */
export function withStamps<P extends Signature>(signature: P, stamps: Readonly<Record<string, unknown>>): P {
  const { stamped_headers: had, link, link_error: errbacks, ...options } = optionsOf(signature);
  const names = [...new Set([...(had ?? []), ...Object.keys(stamps)])];
  const stamped = (list: unknown): readonly Signature[] => signatureList(list).map((one) => withStamps(one, stamps));
  return {
    ...signature,
    kwargs: stampParts(signature, stamps),
    options: {
      ...stamps,
      ...options,
      stamped_headers: names,
      ...(link === undefined ? {} : { link: stamped(link) }),
      ...(errbacks === undefined ? {} : { link_error: stamped(errbacks) }),
    },
  };
}

function stampParts(
  signature: Signature,
  stamps: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { kwargs = {} } = signature;
  const kind = kindOf(signature);
  if (kind === 'chain' || kind === 'group')
    return { ...kwargs, tasks: tasksOf(signature).map((one) => withStamps(one, stamps)) };
  if (kind !== 'chord') return kwargs;
  const { header, body } = chordOf(signature);
  return { ...kwargs, header: header.map((one) => withStamps(one, stamps)), body: body && withStamps(body, stamps) };
}
