/** The port of limits by key. */
import type { Rate } from '../../contracts/queues/rates.ts';

/** The answer to a request for a place. */
export interface PlaceAnswer {
  readonly granted: boolean;
  /** Number of requests that wait before it; 0 when granted. */
  readonly ahead: number;
  /** Other holders that received a place in the same step and should be notified. */
  readonly woken: readonly string[];
  /** Holders of places that were not checked for a while and may be gone. */
  readonly suspects: readonly string[];
}

/** Limits by key, shared by all workers. Every call may be repeated. */
export interface LimitStore {
  /**
   * Reserves the next time at which the rate allows a start and returns the delay until then in milliseconds. A
   * repeated call reserves one more time, so work may start later than possible but never more often than allowed.
   */
  reserve(key: string, rate: Rate): Promise<number>;
  /** Requests one of `concurrency` places; places are granted in the order of requests. */
  acquire(key: string, holder: string, concurrency: number): Promise<PlaceAnswer>;
  /** Releases a place or withdraws a request; returns the holders that now have a place. */
  release(key: string, holder: string, concurrency: number): Promise<readonly string[]>;
}
