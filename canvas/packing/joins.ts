/** Chord bodies in packs: where a pack has all members of a header, the body is its last call. */
import type { PackedOutcome, PackedStep } from '../../contracts/tasks/packs.ts';
import { type CallContext, type Entry, entryOf, type PackableCall } from './entries.ts';
import type { CallLookahead, JoinLookahead } from '../model/request.ts';

/** A body in a pack. */
export interface Joined {
  readonly body: CallLookahead;
  /** Of the members of its header in the pack, in order. */
  readonly places: readonly number[];
}

/** The bodies whose whole header is among these entries. */
export function joinedIn(entries: readonly Entry[]): readonly Joined[] {
  const found = new Map<string, { readonly join: JoinLookahead; readonly places: number[] }>();
  for (const [place, { joined, attempt }] of entries.entries()) {
    const join = attempt === 1 ? joined : undefined;
    if (join === undefined) continue;
    const known = found.get(join.id);
    if (known === undefined) found.set(join.id, { join, places: [place] });
    else known.places.push(place);
  }
  // A header in several packs, or with members that are retried, has its body called by the engine.
  const whole = [...found.values()].filter(({ join, places }) => places.length === join.count);
  return whole.map(({ join, places }) => ({ body: join.body, places }));
}

/** The step that a worker is sent for a body. */
export function joinedStep(
  { body, places }: Joined,
  stepOf: (call: PackableCall) => PackedStep,
): readonly [PackedStep] {
  const immutable = body.immutable ? { immutable: true } : {};
  return [{ ...stepOf(body), ...immutable, joins: places }];
}

/** The body as a call that has begun, with the results that it was given. */
export function joinedEntry(
  { body, places }: Joined,
  outcomes: readonly (readonly PackedOutcome[])[],
  context: CallContext,
): Entry {
  const values = places.map((place) => {
    const outcome = outcomes[place]?.[0];
    return outcome !== undefined && 'value' in outcome ? outcome.value : null;
  });
  return entryOf([body.immutable ? body : { ...body, args: [values, ...body.args] }], 0, context);
}
