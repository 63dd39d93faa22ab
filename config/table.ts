/**
 * All entries of the configuration: settings of the processes and of each domain. `loadConfig` reads the table and
 * `docs/configuration.md` is generated from it; no other code reads the environment.
 */
import { api } from './processes/api.ts';
import { blobs } from './processes/blobs.ts';
import { database } from './processes/database.ts';
import { cache } from './processes/cache.ts';
import * as domains from './domains.ts';
import type { Entry } from './entries.ts';
import { general } from './processes/general.ts';
import { entriesOf } from './reading.ts';
import { sealing } from './processes/sealing.ts';
import { temporal } from './processes/temporal.ts';
import { worker } from './processes/worker.ts';

/** All entries, by the place of their values in the configuration. */
export const configTable = {
  ...general,
  temporal,
  database,
  blobs,
  cache,
  api,
  sealing,
  worker,
  ...domains,
};

/** All entries in the order of the documentation. */
export const configEntries: readonly Entry<unknown>[] = entriesOf(configTable);

/** The names of all environment variables that Perennial reads. */
export const configVariables: ReadonlySet<string> = new Set(configEntries.map(({ variable }) => variable));
