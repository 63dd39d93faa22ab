/** Breakers that never hold up a task: a store that does not answer in time counts as away for a while. */
import { withinLimit } from '../../../contracts/values/within-limit.ts';
import type { BreakerAnswer, BreakerStore, ProviderCall } from '../../../services/breakers/port.ts';

/** Longest time that a task waits for its breaker, in milliseconds. */
const ANSWER_MS = 2_000;
/** Time after a failure in which the store is not asked again, in milliseconds. */
const AWAY_MS = 3_000;

/** Learns why the store was not used. */
type NotUsed = (why: string) => void;

/** Breakers with limits on their time. */
export interface BoundedStore {
  /** Asks whether the call may be made; it may when there is no answer. */
  ask(call: ProviderCall, notUsed: NotUsed): Promise<BreakerAnswer>;
  /** Tells what became of a call; what cannot be told is dropped. */
  tell(what: (store: BreakerStore) => Promise<void>, notUsed: NotUsed): Promise<void>;
}

/** Puts limits on the time of a store. */
export function boundedStore(store: BreakerStore): BoundedStore {
  let awayUntil = 0;
  const within = async <T>(work: () => Promise<T>, otherwise: T, notUsed: NotUsed): Promise<T> => {
    if (performance.now() < awayUntil) {
      notUsed('the database was away a moment ago');
      return otherwise;
    }
    try {
      return await withinLimit(work, ANSWER_MS);
    } catch (error) {
      awayUntil = performance.now() + AWAY_MS;
      notUsed(error instanceof Error ? error.message : String(error));
      return otherwise;
    }
  };
  return {
    ask: (call, notUsed) => within<BreakerAnswer>(() => store.ask(call), { kind: 'go' }, notUsed),
    tell: (what, notUsed) => within(() => what(store), undefined, notUsed),
  };
}
