/** A database for commands, of which most never ask it. */
import { whenUsed } from '../../contracts/values/when-used.ts';
import type { Database, DatabaseOptions } from './pool.ts';

/** Creates a database whose driver is loaded by the first call. A faulty address is refused then. */
export function databaseWhenUsed(options: DatabaseOptions): Database {
  const database = whenUsed(async () => (await import('./pool.ts')).createDatabase(options));
  return {
    query: async (...given) => (await database()).query(...given),
    transaction: async (...given) => (await database()).transaction(...given),
    check: async () => (await database()).check(),
    close: async () => (await database.ifUsed())?.close(),
  };
}
