import { PerennialError } from '../../../contracts/failures.ts';
import { readSealed, unmarked } from '../../../contracts/values/sealed.ts';
import type { Layer } from '../layer.ts';

/**
 * Values come to the shell opened, and the body gets marked ones without their marks. A value that is still sealed
 * has a key that this worker does not have, and would be taken for the value itself.
 *
 * @throws PerennialError `SealedValueUnreadable` with the place of the value and the id of its key
 */
export const sealed: Layer = (call, next) => {
  const found = findSealed(call.input, 'input');
  if (found === undefined) return next({ ...call, input: unmarked(call.input) });
  return Promise.reject(
    new PerennialError(
      'SealedValueUnreadable',
      `${found.place}: expected a value sealed with a key of this worker, got one of the key ${found.keyId}; ` +
        'add that key to SEAL_KEYS, behind the first',
    ),
  );
};

interface Found {
  readonly place: string;
  readonly keyId: string;
}

function findSealed(value: unknown, place: string): Found | undefined {
  if (typeof value === 'string') {
    const keyId = readSealed(value)?.keyId;
    return keyId === undefined ? undefined : { place, keyId };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = findSealed(key, `a name in ${place}`) ?? findSealed(item, `${place}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
