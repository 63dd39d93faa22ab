import type { LimitStore } from '../../services/limits/port.ts';
import type { Runs } from './runs.ts';

/** What the activities of limits use. */
export interface LimitPorts {
  readonly limits: LimitStore;
  /** Those who hold places. */
  readonly runs: Runs;
}
