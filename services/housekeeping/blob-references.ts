/** Finds the stored files that rows still reference. */
import type { Database } from '../database/pool.ts';
import type { BlobReferences } from './port.ts';

/** Tables with few rows whose JSON columns name blobs at any depth. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  data_cleanings: ['before', 'after', 'changes'],
  data_exports: ['file'],
  data_files: ['original', 'first', 'current', 'report'],
  reports: ['file', 'charts'],
  imports: ['input', 'parts', 'file', 'rewritten', 'rejects'],
};

/** Every column that names blobs, as `table.column`. A test compares the list with the existing tables. */
export const BLOB_COLUMNS: readonly string[] = [
  'documents.blob',
  'media.source',
  'media_files.file',
  ...Object.entries(INSIDE).flatMap(([table, columns]) => columns.map((column) => `${table}.${column}`)),
];

const QUERY = [
  `select source ->> 'key' as key from media where source ->> 'key' = any($1::text[])`,
  `select file ->> 'key' as key from media_files where file ->> 'key' = any($1::text[])`,
  `select blob ->> 'key' as key from documents where blob ->> 'key' = any($1::text[]) and blob is not null`,
  ...Object.entries(INSIDE).map(
    ([table, columns]) =>
      `select k #>> '{}' as key from ${table}, jsonb_path_query(jsonb_build_array(${columns.join(', ')}), '$.**.key') k
       where k #>> '{}' = any($1::text[])`,
  ),
].join('\nunion\n');

/** Creates the lookup for a migrated database. */
export function createBlobReferences(database: Database): BlobReferences {
  return {
    named: async (keys) => {
      if (keys.length === 0) return new Set();
      const { rows } = await database.query<{ key: string }>(QUERY, [keys]);
      return new Set(rows.map(({ key }) => key));
    },
  };
}
