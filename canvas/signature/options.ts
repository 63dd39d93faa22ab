/** How options, links and error callbacks get to the calls they belong to. */
import { optionsOf, type Signature, signatureList, type SignatureOptions } from './signature.ts';

/** What a signature is given by what encloses it. */
export interface Given {
  readonly links: readonly Signature[];
  readonly errbacks: readonly Signature[];
  /** Options that override the signature's own. */
  readonly over: SignatureOptions;
  /** Id for the call whose result is the signature's. */
  readonly id?: string | undefined;
  /** Takes nothing of the caller, whatever it says itself. */
  readonly immutable?: boolean;
}

/** What a signature that stands alone is given. */
export const NOTHING: Given = { over: {}, links: [], errbacks: [] };

/** Options that say something about the signature itself, and never about its members. */
const OWN_OPTIONS: ReadonlySet<string> = new Set([
  'task_id',
  'link',
  'link_error',
  'chord',
  'group_id',
  'group_index',
  'root_id',
  'parent_id',
  'reply_to',
  'join',
  'compensate',
]);

interface EffectiveOptions {
  readonly links: readonly Signature[];
  readonly errbacks: readonly Signature[];
  readonly id: string | undefined;
  readonly options: SignatureOptions;
}

/** A signature's own options, links, error callbacks and id, with what it is given. */
export function effectiveOptions(signature: Signature, given: Given): EffectiveOptions {
  const own = optionsOf(signature);
  return {
    id: own.task_id ?? given.id,
    options: mergeOptions(withoutOwn(own), given.over),
    links: union(signatureList(own.link), given.links),
    errbacks: union(signatureList(own.link_error), given.errbacks),
  };
}

/** The same callback twice is one callback, as in Celery. */
export function union(first: readonly Signature[], second: readonly Signature[]): readonly Signature[] {
  if (second.length === 0) return first;
  return [...first, ...without(second, first)];
}

/** Callbacks that are not among some others; equal ones are the same. */
export function without(callbacks: readonly Signature[], others: readonly Signature[]): readonly Signature[] {
  const seen = new Set(others.map((signature) => JSON.stringify(signature)));
  return callbacks.filter((signature) => !seen.has(JSON.stringify(signature)));
}

/** Options that members inherit. */
export function withoutOwn(options: SignatureOptions): SignatureOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !OWN_OPTIONS.has(name)));
}

/** Options of what encloses a call override its own; options that are null count as not given, stamps stay. */
export function mergeOptions(own: SignatureOptions, over: SignatureOptions): SignatureOptions {
  const { stamped_headers: stamps } = own;
  const kept = new Set(stamps === null || stamps === undefined ? [] : ['stamped_headers', ...stamps]);
  const given = Object.entries(over).filter(
    ([name, value]) => value !== null && value !== undefined && !kept.has(name),
  );
  return { ...own, ...Object.fromEntries(given) };
}
