import type { FleetRow } from '../contracts/queues/fleets.ts';

/** A fleet of an application: the queues that some of its worker processes serve. */
export interface FleetOptions {
  /** Queues of the application, of its plug-ins or of the product; each once. */
  readonly queues: readonly string[];
  /**
   * Activities that one process of the fleet runs at once from each of its queues; `cores` for CPU-bound work.
   * @defaultValue what each queue says
   */
  readonly slots?: FleetRow['slots'];
  /** Processes that an installation has; `perennial dev --fleets` starts them. @defaultValue 1 */
  readonly processes?: number | undefined;
  /** What it is for, in a few words. @defaultValue nothing */
  readonly purpose?: string | undefined;
}
