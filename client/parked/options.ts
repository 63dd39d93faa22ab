/** Reads how a caller wants failed steps to be treated. */
import { parkMsOf } from '../../contracts/parked/vocabulary.ts';
import { InvalidInput } from '../connection/validate.ts';

/**
 * Returns how long failed steps wait, in milliseconds; `undefined` where they do not.
 *
 * @throws InvalidInput a time without `onFailure: 'park'`
 */
export function requireParking(onFailure: 'park' | undefined, parkedFor: number | undefined): number | undefined {
  if (parkedFor !== undefined && onFailure === undefined)
    throw new InvalidInput([
      { field: 'options.parkedFor', expected: "onFailure: 'park' beside it", got: 'no onFailure' },
    ]);
  return parkMsOf(onFailure, parkedFor);
}
