/** Calling packs back, so that a worker begins no call that nobody wants any more. */
import type { Entry } from './entries.ts';
import type { Joined } from './joins.ts';

/** A pack that a worker has, or is about to get. */
export interface PackUnderWay {
  readonly entries: readonly Entry[];
  readonly joined: readonly Joined[];
  readonly recall: () => void;
}

/** The packs of one run that are under way. */
export interface PacksUnderWay {
  add(pack: PackUnderWay): void;
  /** It has come back. */
  delete(pack: PackUnderWay): void;
  /** Calls back packs with a call, a later step or a body at such a path. */
  recallAbout(concerns: (path: string) => boolean): void;
  /** Calls back packs with a call of a cancelled scope; once for scopes that are cancelled together. */
  recallUnwanted(): void;
}

/** Starts with none. */
export function createPacksUnderWay(): PacksUnderWay {
  const packs = new Set<PackUnderWay>();
  let looks = false;
  const recallWhere = (holds: (pack: PackUnderWay) => boolean): void => {
    for (const pack of packs) {
      if (!holds(pack)) continue;
      packs.delete(pack);
      pack.recall();
    }
  };
  return {
    add: (pack) => packs.add(pack),
    delete: (pack) => packs.delete(pack),
    recallAbout: (concerns) => {
      recallWhere(
        ({ entries, joined }) =>
          entries.some(({ steps, at }) => steps.slice(at).some(({ path }) => concerns(path))) ||
          joined.some(({ body }) => concerns(body.path)),
      );
    },
    recallUnwanted: () => {
      if (looks) return;
      looks = true;
      void Promise.resolve().then(() => {
        looks = false;
        recallWhere(({ entries }) => entries.some(({ context }) => !context.wanted()));
      });
    },
  };
}

/**
 * Takes out of an entry what is behind its current step, from the first revoked one on; and its body, when that or
 * the step itself is revoked.
 *
 * @returns the steps that are not there any more
 */
export function cutRevoked(entry: Entry, concerns: (path: string) => boolean): Entry['steps'] {
  const { steps, at, joined } = entry;
  if (joined !== undefined && (concerns(joined.body.path) || concerns(steps[at]?.path ?? ''))) entry.joined = undefined;
  const first = steps.findIndex(({ path }, index) => index > at && concerns(path));
  if (first < 0) return [];
  entry.steps = steps.slice(0, first);
  return steps.slice(first);
}
