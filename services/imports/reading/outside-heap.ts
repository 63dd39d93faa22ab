/**
 * Garbage outside V8's heap, which is where the bytes of files lie. V8 counts it
 * in steps of 64 MB for each thread: left to itself it would hold that much
 * before it looks.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';

/** Bytes that pass between two looks. */
const EVERY_BYTES = 8 * BYTES_PER_MB;

type Collect = (options?: { readonly type: 'minor' }) => void;

let collect: Collect | undefined;

/** V8's own collector: a context that is made while its flag is set has it, those that are made later do not. */
function collector(): Collect {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect; // what the flag just set gives
    setFlagsFromString('--no-expose-gc');
  }
  return collect;
}

/**
 * Makes a counter of bytes that pass through and are forgotten; every 8 MB it has the garbage collected.
 *
 * @param scope - `young`: a millisecond or so, for a thread that has other work; `all`: what has grown old as well
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
