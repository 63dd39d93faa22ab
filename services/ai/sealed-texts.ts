/** Texts that nobody reads without the keys, packed before they are sealed. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { PerennialError } from '../../contracts/failures.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { TextSealer } from './port.ts';

/** Seals bytes with the keys of a worker. */
export interface ByteSealer {
  seal(plain: Uint8Array, about: string): Buffer;
  open(sealed: Buffer, about: string): { readonly plain: Buffer } | { readonly keyId: string };
}

/** Answers are shorter, whatever they are packed to. */
const MOST_BYTES = 4 * BYTES_PER_MB;

/** Creates the sealer. */
export function createTextSealer(bytes: ByteSealer): TextSealer {
  return {
    seal: (plain, about) => bytes.seal(deflateRawSync(plain), about).toString('base64'),
    open: (sealed, about) => {
      const found = bytes.open(Buffer.from(sealed, 'base64'), about);
      if ('plain' in found) return inflateRawSync(found.plain, { maxOutputLength: MOST_BYTES }).toString();
      throw new PerennialError(
        'SealedValueUnreadable',
        `expected an answer sealed with a key of this worker, got one of the key ${found.keyId}; add that key to SEAL_KEYS, behind the first`,
      );
    },
  };
}
