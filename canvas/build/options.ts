/** Builders that change a signature: its options, its callbacks, its stamps. */
import type { TypedSignature, AnySignature, Gives } from './typed.ts';
import {
  type Signature,
  type SignatureOptions,
  kindOf,
  chordOf,
  tasksOf,
  signatureList,
  optionsOf,
} from '../signature/signature.ts';
import type { FailedCall } from '../engine/runtime.ts';

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
 * const alarm = task<{ readonly failed: FailedCall }, null>({ name: 'alerts.send' });
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
