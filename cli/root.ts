/** What the root of the command line gives the domains, so that each of them builds its own ports. */
import type { Database } from '../services/database/pool.ts';

/** What the ports of a domain are built from. */
export interface CliRoot {
  readonly database: Database;
}
