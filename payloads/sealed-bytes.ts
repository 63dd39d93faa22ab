/** Sealed bytes with the id of their key in front, for what is kept in the database. */
import type { KeyRing } from './key-ring.ts';

/** Stands between the id of the key and what it has sealed; no id holds it. */
const END_OF_ID = ':'.charCodeAt(0);

/**
 * Seals bytes for a database of the application.
 *
 * @param about - is bound to the bytes: they are opened for the same alone
 *
 * @example
 * ```ts
 * import { createKeyRing, sealBytes } from './client/index.ts';
 *
 * const keys = createKeyRing(process.env['NOTE_KEYS'] ?? '', 'NOTE_KEYS');
 * const sealed = sealBytes(keys, Buffer.from('paid'), 'order 4711');
 * console.log(sealed.length);
 * ```
 */
export function sealBytes(keys: KeyRing, plain: Uint8Array, about: string): Buffer {
  return Buffer.concat([Buffer.from(`${keys.keyId}:`), keys.seal(plain, about)]);
}

/**
 * What sealed bytes hold, or under which key they were sealed that is not among the keys.
 *
 * @example
 * ```ts
 * import type { OpenedBytes } from './client/index.ts';
 *
 * const textOf = (opened: OpenedBytes): string => ('plain' in opened ? opened.plain.toString() : `sealed with ${opened.keyId}`);
 * ```
 */
export type OpenedBytes = { readonly plain: Buffer } | { readonly keyId: string };

/**
 * Opens what {@link sealBytes} has made.
 *
 * @example
 * ```ts
 * import { createKeyRing, openBytes } from './client/index.ts';
 *
 * const keys = createKeyRing(process.env['NOTE_KEYS'] ?? '', 'NOTE_KEYS');
 * const plainOf = (sealed: Buffer): string => {
 *   const opened = openBytes(keys, sealed, 'order 4711');
 *   return 'plain' in opened ? opened.plain.toString() : `add the key ${opened.keyId}`;
 * };
 * ```
 */
export function openBytes(keys: KeyRing, sealed: Buffer, about: string): OpenedBytes {
  const end = sealed.indexOf(END_OF_ID);
  const keyId = sealed.subarray(0, end).toString();
  const plain = keys.open(keyId, sealed.subarray(end + 1), about);
  return plain === undefined ? { keyId } : { plain };
}
