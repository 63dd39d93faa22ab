/** Binds arguments to parameters as Python does, with Python's messages for arguments that do not fit. */

/** The parameters of a neutral task, read from a header such as `add(x, y, z=null)`. */
export interface Header {
  readonly name: string;
  /** True when the task takes the request as its first argument, as a bound task does in Celery. */
  readonly bound: boolean;
  readonly positional: readonly Parameter[];
  readonly keywordOnly: readonly Parameter[];
  readonly rest: boolean;
  readonly keywords: boolean;
}

interface Parameter {
  readonly name: string;
  /** Absent when the argument is required. */
  readonly fallback?: { readonly value: unknown };
}

/** Arguments by name; `args` and `kwargs` hold the rest. */
export interface Bound {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** Arguments that do not fit; the message is Python's. */
export class ArityError extends Error {}

/** Parses a header. A leading `self` marks a bound task; fallbacks are JSON. */
export function readHeader(text: string): Header {
  const [, name = '', list = ''] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  const words = list === '' ? [] : list.split(/, +/);
  const bound = words[0] === 'self';
  const own = bound ? words.slice(1) : words;
  const star = own.findIndex((word) => word.startsWith('*') && !word.startsWith('**'));
  const before = star < 0 ? own : own.slice(0, star);
  const after = star < 0 ? [] : own.slice(star + 1);
  return {
    name,
    bound,
    positional: before.filter((word) => !word.startsWith('**')).map(parameter),
    keywordOnly: after.filter((word) => !word.startsWith('**')).map(parameter),
    rest: own.includes('*args'),
    keywords: own.includes('**kwargs'),
  };
}

function parameter(word: string): Parameter {
  const [name = '', json] = word.split('=');
  return json === undefined ? { name } : { name, fallback: { value: JSON.parse(json) as unknown } };
}

/**
 * Tells whether an error callback with this header is called inline, which Celery decides by how many arguments it
 * accepts.
 */
export function takesRequest({ bound, positional, rest }: Header): boolean {
  return !bound && (rest || positional.length > 1);
}

/**
 * Binds the arguments to the names of the parameters.
 * @throws ArityError
 */
export function bindArguments(
  header: Header,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): Bound {
  const { name, positional, keywordOnly, rest, keywords } = header;
  if (args.length > positional.length && !rest) throw new ArityError(tooMany(header, args.length));
  const bound: Record<string, unknown> = {};
  const given = positional.slice(0, args.length).map((one) => one.name);
  for (const [index, key] of given.entries()) bound[key] = args[index];
  const named = new Set([...positional, ...keywordOnly].map((one) => one.name));
  const others: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(kwargs)) {
    if (given.includes(key)) throw new ArityError(`${name}() got multiple values for argument '${key}'`);
    if (named.has(key)) bound[key] = value;
    else if (keywords) others[key] = value;
    else throw new ArityError(`${name}() got an unexpected keyword argument '${key}'`);
  }
  fillIn(name, 'positional', positional, bound);
  fillIn(name, 'keyword-only', keywordOnly, bound);
  return { ...bound, args: args.slice(positional.length), kwargs: others };
}

function fillIn(name: string, kind: string, parameters: readonly Parameter[], bound: Record<string, unknown>): void {
  const missing: string[] = [];
  for (const one of parameters) {
    if (one.name in bound) continue;
    if (one.fallback === undefined) missing.push(`'${one.name}'`);
    else bound[one.name] = one.fallback.value;
  }
  if (missing.length === 0) return;
  const last = missing.length > 1 ? ` and ${missing.pop() ?? ''}` : '';
  const comma = missing.length > 1 ? ',' : '';
  const count = missing.length + (last === '' ? 0 : 1);
  throw new ArityError(
    `${name}() missing ${count} required ${kind} argument${count === 1 ? '' : 's'}: ${missing.join(', ')}${comma}${last}`,
  );
}

function tooMany({ name, positional }: Header, given: number): string {
  const most = positional.length;
  const least = positional.filter(({ fallback }) => fallback === undefined).length;
  const takes = least === most ? String(most) : `from ${least} to ${most}`;
  return `${name}() takes ${takes} positional argument${most === 1 ? '' : 's'} but ${given} ${given === 1 ? 'was' : 'were'} given`;
}
