/** Keys by id: the first one seals, each of them opens. So keys are changed without losing what was sealed before. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { PerennialError } from '../contracts/failures.ts';
import { KEY_LIST_EXPECTED, readKeyList } from '../contracts/values/sealed.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals and opens bytes.
 *
 * @example
 * ```ts
 * import { createKeyRing, type KeyRing } from './client/index.ts';
 *
 * const keys: KeyRing = createKeyRing(process.env['ANSWER_KEYS'] ?? '', 'ANSWER_KEYS');
 * console.log(keys.ids);
 * ```
 */
export interface KeyRing {
  /** Id of the key that seals. */
  readonly keyId: string;
  /** Ids of all keys. */
  readonly ids: readonly string[];
  /** @param about - is bound to the bytes: they are opened for the same alone */
  seal(plain: Uint8Array, about: string): Buffer;
  /** Gives the plain bytes; `undefined` under an unknown key, for something else, and when they were changed. */
  open(keyId: string, bytes: Uint8Array, about: string): Buffer | undefined;
  /**
   * Names for text that nobody without the keys can compare with a guess, each of 32 hexadecimal digits: that of the key
   * that seals, then those of the other keys.
   */
  namesOf(text: string): readonly [string, ...string[]];
}

/**
 * Makes a key ring of a list such as `2026:KEY,2025:KEY`, each key 32 bytes in base64.
 *
 * @throws PerennialError `InvalidInput`; the message does not repeat the list
 *
 * @example
 * ```ts
 * import { createKeyRing } from './client/index.ts';
 *
 * const keys = createKeyRing(process.env['ANSWER_KEYS'] ?? '', 'ANSWER_KEYS');
 * const sealed = keys.seal(Buffer.from('paid'), 'order 4711');
 * console.log(keys.open(keys.keyId, sealed, 'order 4711')?.toString());
 * ```
 */
export function createKeyRing(list: string, field: string): KeyRing {
  const named = readKeyList(list);
  const [first] = named ?? [];
  if (named === undefined || first === undefined) {
    const remedy = 'A key is made by: openssl rand -base64 32';
    throw new PerennialError('InvalidInput', `${field}: expected ${KEY_LIST_EXPECTED}, got something else. ${remedy}`);
  }
  const keys: ReadonlyMap<string, Buffer> = new Map(named.map(({ id, base64 }) => [id, Buffer.from(base64, 'base64')]));
  const sealing = Buffer.from(first.base64, 'base64');
  const [naming, ...others] = [sealing, ...[...keys.values()].slice(1)].map(namingKey) as [Buffer, ...Buffer[]]; // one at least
  return {
    keyId: first.id,
    ids: named.map(({ id }) => id),
    seal: (plain, about) => encrypt(sealing, plain, `${first.id}\n${about}`),
    open: (keyId, bytes, about) => {
      const key = keys.get(keyId);
      return key === undefined ? undefined : decrypt(key, bytes, `${keyId}\n${about}`);
    },
    namesOf: (text) => [nameBy(naming, text), ...others.map((key) => nameBy(key, text))],
  };
}

/** No key is used for two things. */
function namingKey(key: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'perennial names', 32));
}

function nameBy(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}

/** Nonce, ciphertext, tag. */
function encrypt(key: Buffer, plain: Uint8Array, about: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, bytes: Uint8Array, about: string): Buffer | undefined {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(about))
    .setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    const plain = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    return undefined; // the tag does not fit
  }
}
