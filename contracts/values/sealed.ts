/** Sealed values: the form in which a history holds text that only workers and clients may read. */

/** What every sealed value begins with; the id of its key and the ciphertext follow, each behind a colon. */
const PREFIX = 'sealed:';

const KEY_ID = /^[\w.-]{1,32}$/;
/** 32 bytes. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;

/** What a list of keys looks like, for error messages. */
export const KEY_LIST_EXPECTED =
  'ID:KEY, or several separated by commas, each with an id of its own and 32 bytes in base64';

/** A key by its id, as text. */
export interface NamedKey {
  readonly id: string;
  /** 32 bytes in base64. */
  readonly base64: string;
}

/** The keys of a list such as `2026:…,2025:…`; `undefined` for text that is none. */
export function readKeyList(list: string): readonly NamedKey[] | undefined {
  const keys = list.split(',').map((entry): NamedKey => {
    const [id = '', base64 = ''] = entry.trim().split(':');
    return { id, base64 };
  });
  const isWhole = keys.every(({ id, base64 }) => KEY_ID.test(id) && KEY.test(base64));
  return isWhole && new Set(keys.map(({ id }) => id)).size === keys.length ? keys : undefined;
}

/** Writes a sealed value. */
export function sealedText(keyId: string, ciphertext: string): string {
  return `${PREFIX}${keyId}:${ciphertext}`;
}

/** The parts of a sealed value; `undefined` for any other text. */
export function readSealed(text: string): { readonly keyId: string; readonly ciphertext: string } | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const [keyId = '', ciphertext = ''] = text.slice(PREFIX.length).split(':');
  return KEY_ID.test(keyId) && ciphertext !== '' ? { keyId, ciphertext } : undefined;
}

/** Says whether JSON text may hold a sealed value. */
export function mayHoldSealed(json: string): boolean {
  return json.includes(PREFIX);
}

/** The only key of an object around a value that is sealed whole, whatever it is: `{"$sealed": "tok-1"}`. */
export const SEALED_FIELD = '$sealed';

/** Says whether a value is one that {@link marked} has made. */
export function isMarked(value: unknown): value is { readonly [SEALED_FIELD]: unknown } {
  return typeof value === 'object' && value !== null && SEALED_FIELD in value && Object.keys(value).length === 1;
}

/**
 * Marks a value as one that no history may show. It is sealed whole on its way to the server; a task gets it without
 * the mark.
 *
 * @example
 * ```ts
 * const call = { task: 'samples.upperCase', args: [marked('tok-1')] };
 * ```
 */
export function marked(value: unknown): { readonly [SEALED_FIELD]: unknown } {
  return isMarked(value) ? value : { [SEALED_FIELD]: value };
}

/** The result of a job without the marks around what its tasks gave: the whole, or entries of its lists. */
export function unmarkedOutput(result: unknown): unknown {
  if (isMarked(result)) return result[SEALED_FIELD];
  if (!Array.isArray(result)) return result;
  const entries = result as readonly unknown[];
  return entries.some((entry) => unmarkedOutput(entry) !== entry) ? entries.map(unmarkedOutput) : entries;
}

/** The value without the marks in it; the value itself where there are none. */
export function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isMarked(value)) return unmarked(value[SEALED_FIELD]);
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => [key, item, unmarked(item)] as const);
  if (entries.every(([, item, plain]) => item === plain)) return value;
  const plain = entries.map(([key, , item]) => [key, item] as const);
  return Array.isArray(value) ? plain.map(([, item]) => item) : Object.fromEntries(plain);
}
