import type { LimitStore } from '../../services/limits/port.ts';
import type { Runs } from './runs.ts';

/** The ports of limits. */
export interface LimitPorts {
  readonly limits: LimitStore;
  /** The runs that hold places. */
  readonly runs: Runs;
}
