/** Members of one group whose join policy may end it before they have: who still runs, and how they are stopped. */
import type { Tally } from '../model/join.ts';
import type { CanvasRuntime } from './runtime.ts';
import type { NodeEnd } from '../model/scope.ts';

/** The end of one member, or the ends of several that were handed over together. */
export type MemberEnds = NodeEnd | readonly (NodeEnd | undefined)[];

/** Lets members run until the policy is decided. */
export interface EarlyEnd {
  /** Starts `count` of them in a scope that can be cancelled; `undefined` once it is decided. */
  start(work: () => Promise<MemberEnds>, count: number): Promise<MemberEnds> | undefined;
  /** Resolves as soon as it is decided. */
  readonly decided: Promise<void>;
  /** Cancels those that still run, and returns their promises, whose values are not needed. */
  stop(): readonly Promise<unknown>[];
  /** In order; `undefined` for those that still run. */
  ended(): readonly (NodeEnd | undefined)[];
}

interface Member {
  readonly done: Promise<MemberEnds>;
  readonly cancel: () => void;
  readonly count: number;
  ended: MemberEnds | undefined;
}

/**
 * Watches over the members of one group, or of those of them that this run has.
 *
 * @param isOver - says whether members that still run cannot change what comes of it; `undefined` where all are waited for
 */
export function createEarlyEnd(
  isOver: ((tally: Tally) => boolean) | undefined,
  runtime: CanvasRuntime,
): EarlyEnd | undefined {
  if (isOver === undefined) return undefined;
  const members: Member[] = [];
  const tally = { members: 0, succeeded: 0, failed: 0 };
  let over = false;
  let decide = (): void => undefined;
  const decided = new Promise<void>((resolve) => {
    decide = resolve;
  });
  return {
    decided,
    start: (work, count) => {
      if (over) return undefined;
      const member: Member = { ...(runtime.scoped?.(work) ?? toTheEnd(work)), count, ended: undefined };
      members.push(member);
      tally.members += count;
      return member.done.then((ended) => {
        member.ended = ended;
        for (const one of [ended].flat()) if (one) tally[one.outcome.ok ? 'succeeded' : 'failed'] += 1;
        if (isOver(tally)) {
          over = true;
          decide();
        }
        return ended;
      });
    },
    stop: () => {
      const open = members.filter(({ ended }) => ended === undefined);
      for (const { cancel } of open) cancel();
      return open.map(({ done }) => done);
    },
    ended: () => members.flatMap(({ ended, count }) => ended ?? Array<undefined>(count).fill(undefined)),
  };
}

function toTheEnd(work: () => Promise<MemberEnds>): Pick<Member, 'done' | 'cancel'> {
  return { done: work(), cancel: () => undefined };
}
