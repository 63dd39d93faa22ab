import type { Activities } from '../../activities/shell/activity.ts';
import type { ShellOptions } from '../../activities/shell/shell.ts';
import type { Config } from '../../config/types.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Database } from '../../services/database/pool.ts';

/** What every domain is built from. */
export interface DomainContext {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly shell: ShellOptions;
}

/** The activities of a domain, and how to close what they use. */
export interface Domain {
  readonly activities: Activities;
  close?(): Promise<void>;
}

/** Builds a domain with its real adapters. */
export type CreateDomain = (context: DomainContext) => Domain;
