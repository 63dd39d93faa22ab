/** Types that signatures carry: what each takes from the step before it and what it gives. */
import type { Signature } from '../signature/signature.ts';

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

/** A value as read-only JSON: lists of a result fit wherever lists are wanted. */
export type Data<T> = T extends readonly unknown[] | Readonly<Record<string, unknown>>
  ? { readonly [K in keyof T]: Data<T[K]> }
  : T;
