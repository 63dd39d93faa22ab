/** Members of one group whose join policy may end it before they have: who still runs, and how they are stopped. */
import { endsEarly, isDecided, type Join } from './join.ts';
import type { CanvasRuntime } from './runtime.ts';
import type { Ended } from './scope.ts';

/** Lets members run until the policy is decided. */
export interface EarlyEnd {
  /** Starts one in a scope that can be cancelled; `undefined` once it is decided. */
  start(work: () => Promise<Ended>): Promise<Ended> | undefined;
  /** Resolves as soon as it is decided. */
  readonly decided: Promise<void>;
  /** Cancels those that still run, and gives their ends, which nobody needs. */
  stop(): readonly Promise<unknown>[];
  /** In order; `undefined` for those that still run. */
  ended(): readonly (Ended | undefined)[];
}

interface Member {
  readonly done: Promise<Ended>;
  readonly cancel: () => void;
  ended: Ended | undefined;
}

/** Watches over one group; `undefined` for policies that wait for all. */
export function createEarlyEnd(join: Join | undefined, runtime: CanvasRuntime): EarlyEnd | undefined {
  if (!endsEarly(join)) return undefined;
  const members: Member[] = [];
  const tally = { succeeded: 0, failed: 0 };
  let over = false;
  let decide = (): void => undefined;
  const decided = new Promise<void>((resolve) => {
    decide = resolve;
  });
  return {
    decided,
    start: (work) => {
      if (over) return undefined;
      const member: Member = { ...(runtime.scoped?.(work) ?? toTheEnd(work)), ended: undefined };
      members.push(member);
      return member.done.then((ended) => {
        member.ended = ended;
        tally[ended.outcome.ok ? 'succeeded' : 'failed'] += 1;
        if (isDecided(join, { ...tally, members: members.length })) {
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
    ended: () => members.map(({ ended }) => ended),
  };
}

function toTheEnd(work: () => Promise<Ended>): Pick<Member, 'done' | 'cancel'> {
  return { done: work(), cancel: () => undefined };
}
