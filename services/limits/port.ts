/** What the rest of the product knows of limits. */
import type { Rate } from '../../contracts/queues/rates.ts';

/** What became of asking for a place. */
export interface PlaceAnswer {
  readonly granted: boolean;
  /** How many wait before it; 0 when granted. */
  readonly ahead: number;
  /** Others that were given a place by the same step and should be told. */
  readonly woken: readonly string[];
  /** Some that have a place and that nobody has looked at for a while: they may be gone. */
  readonly suspects: readonly string[];
}

/** Limits by key, the same for all workers. Every call may be repeated. */
export interface LimitStore {
  /**
   * Takes the next moment at which the rate allows a start, and says how long it
   * is until then, in milliseconds. A repeated call takes one more moment: work
   * then starts later than it could, never more often.
   */
  reserve(key: string, rate: Rate): Promise<number>;
  /** Asks for a place among `concurrency`; places are given in the order in which they were asked for. */
  acquire(key: string, holder: string, concurrency: number): Promise<PlaceAnswer>;
  /** Gives a place up, also one that is waited for; gives those who now have one. */
  release(key: string, holder: string, concurrency: number): Promise<readonly string[]>;
}
