/** How many of the calls that wait go into the next pack. */
import { type Estimates, LONG_CALL_MS, PACK_TARGET_MS } from './estimates.ts';

/** Calls of one pack at most. */
export const PACK_CALLS = 500;
/** Arguments of one pack as JSON, in characters: many packs travel in one message to the server, which takes 4 MB. */
export const PACK_CHARACTERS = 64 * 1024;
/** Packs of one lane under way at once: enough for every slot of a few workers. */
const PACKS_AT_ONCE = 32;
/** Packs under way at once while the duration of the calls is unknown: as many as the cores of a worker or two. */
const FIRST_PACKS = 4;
/** Entries of a pack at most while the duration of the calls is unknown. */
const LARGEST_FIRST = 250;
/** Entries of a pack at least while the duration is unknown: a task that is marked as batchable takes hardly any time. */
const SMALLEST_FIRST = 25;
/** Characters of a step beside its arguments: id, name and framing. */
const STEP_CHARACTERS = 90;

/** Characters that a step adds to a pack. */
export function stepSize({ args, kwargs }: { readonly args: readonly unknown[]; readonly kwargs: object }): number {
  return STEP_CHARACTERS + JSON.stringify(args).length + JSON.stringify(kwargs).length;
}

/** An entry, as far as the choice needs it. */
export interface Waiting {
  readonly steps: readonly { readonly task: string }[];
  readonly bytes: number;
  readonly at: number;
  readonly alone: boolean;
}

/**
 * Takes the next pack from the front of what waits: at least one, and no more
 * than fit by number, size and time. What waits is shared out to the packs that
 * may still be sent, unless the shares would be too small.
 *
 * @param underWay - packs that have not come back yet
 * @returns nothing where as many are under way as may be
 */
export function takePack<W extends Waiting>(waiting: W[], estimates: Estimates, underWay: number): W[] {
  const [first] = waiting;
  if (first === undefined || first.alone || estimates.isLong(taskOf(first))) return waiting.splice(0, 1);
  const places = (estimates.of(taskOf(first)) === undefined ? FIRST_PACKS : PACKS_AT_ONCE) - underWay;
  if (places <= 0) return [];
  return waiting.splice(0, howMany(waiting, estimates, Math.ceil(waiting.length / places)));
}

function howMany(waiting: readonly Waiting[], estimates: Estimates, share: number): number {
  const pack = { count: 0, calls: 0, characters: 0, ms: 0 };
  for (const entry of waiting) {
    const task = taskOf(entry);
    if (entry.alone || estimates.isLong(task)) break;
    const each = estimates.of(task);
    const calls = entry.steps.length - entry.at;
    pack.calls += calls;
    pack.characters += entry.bytes;
    pack.ms += (each ?? 0) * calls;
    if (pack.count > 0 && (isFull(pack) || hasItsShare(pack, share, each))) break;
    pack.count += 1;
  }
  return Math.max(1, pack.count);
}

interface Size {
  readonly count: number;
  readonly calls: number;
  readonly characters: number;
  readonly ms: number;
}

function isFull({ calls, characters, ms }: Size): boolean {
  return calls > PACK_CALLS || characters > PACK_CHARACTERS || ms > PACK_TARGET_MS;
}

function hasItsShare({ count, ms }: Size, share: number, each: number | undefined): boolean {
  if (each === undefined) return count >= Math.min(LARGEST_FIRST, Math.max(SMALLEST_FIRST, share));
  // Work that takes less time than its transport is not shared out.
  return count >= share && ms > LONG_CALL_MS;
}

function taskOf({ steps, at }: Waiting): string {
  return steps[at]?.task ?? '';
}

/** How many of the steps from `at` on fit into one pack. */
export function stepsThatFit(
  steps: readonly { readonly args: readonly unknown[]; readonly kwargs: object }[],
  at: number,
): number {
  let characters = 0;
  for (let count = 0; at + count < steps.length && count < PACK_CALLS; count += 1) {
    const step = steps[at + count];
    characters += step === undefined ? 0 : stepSize(step);
    if (characters > PACK_CHARACTERS && count > 0) return count;
  }
  return Math.min(PACK_CALLS, steps.length - at);
}
