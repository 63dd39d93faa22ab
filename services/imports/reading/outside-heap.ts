/**
 * Collects garbage outside V8's heap, where the bytes of files lie. V8 counts it in steps of 64 MB for each thread and
 * would otherwise hold that much before it collects.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';

/** Bytes that pass between two collections. */
const EVERY_BYTES = 8 * BYTES_PER_MB;

type Collect = (options?: { readonly type: 'minor' }) => void;

let collect: Collect | undefined;

/** Returns V8's collector. A context has it only when it is created while the flag is set. */
function collector(): Collect {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect; // the flag that was just set defines it
    setFlagsFromString('--no-expose-gc');
  }
  return collect;
}

/**
 * Creates a counter of bytes that are discarded after use; it collects garbage after every 8 MB.
 * @param scope - `young` takes about a millisecond, for a thread with other work; `all` also collects old objects
 */
export function createSweeper(scope: 'young' | 'all'): (bytes: number) => void {
  let passed = 0;
  return (bytes) => {
    passed += bytes;
    if (passed < EVERY_BYTES) return;
    passed = 0;
    collector()(scope === 'young' ? { type: 'minor' } : undefined);
  };
}
