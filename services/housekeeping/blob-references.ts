/** Which stored files somebody still needs. */
import type { Database } from '../database/pool.ts';
import type { BlobReferences } from './port.ts';

/**
 * Every place of the database that names blobs, as a query over the keys in
 * `$1`. A test compares this list with the columns of the migrated tables, so
 * that a new place cannot be forgotten here and its files deleted.
 */
const PLACES: readonly string[] = [
  `select blob ->> 'key' as key from documents where blob ->> 'key' = any($1::text[]) and blob is not null`,
];

/** The references in the rows of a migrated database. */
export function createBlobReferences(database: Database): BlobReferences {
  return {
    named: async (keys) => {
      if (keys.length === 0) return new Set();
      const { rows } = await database.query<{ key: string }>(PLACES.join('\nunion\n'), [keys]);
      return new Set(rows.map(({ key }) => key));
    },
  };
}
