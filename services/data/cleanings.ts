/** What was mended in files, in PostgreSQL. */
import { isDeepStrictEqual } from 'node:util';
import { PerennialError } from '../../contracts/failures.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { Database, Queryable } from '../database/pool.ts';
import { keyOf, OWNED } from './files.ts';
import type { Cleaning, CleaningFigures, DataCleanings, FileOwner, TablePlace } from './port.ts';

interface CleaningRow {
  readonly cleaning_id: string;
  readonly file_id: string;
  readonly number: number;
  readonly fixes: readonly string[];
  readonly before: TablePlace;
  readonly after: TablePlace;
  readonly changes: BlobRef;
  readonly figures: CleaningFigures;
  readonly undone_at: Date | null;
}

/** Opens what was mended in a migrated database. */
export function createDataCleanings(database: Database): DataCleanings {
  return {
    find: async (owner, cleaningId) => {
      const found = await rowOf(database, cleaningId);
      if (found === undefined) return undefined;
      requireOfFile(found, owner);
      return cleaningOf(found);
    },
    apply: (owner, cleaning) =>
      database.transaction(async (transaction) => {
        const current = await lockedTable(transaction, owner);
        const again = await rowOf(transaction, cleaning.cleaningId);
        if (again !== undefined) {
          requireOfFile(again, owner);
          return cleaningOf(again);
        }
        if (!isDeepStrictEqual(current, cleaning.before)) throw changed('the table that was mended');
        await insert(transaction, owner, cleaning);
        await replace(transaction, owner, cleaning.after);
        return { ...cleaning, undone: false };
      }),
    undo: (owner, cleaningId) =>
      database.transaction(async (transaction) => {
        const current = await lockedTable(transaction, owner);
        const found = await rowOf(transaction, cleaningId);
        if (found?.file_id !== owner.fileId) throw missing('cleaningId: expected a cleaning of the file');
        if (found.undone_at !== null) return cleaningOf(found);
        if (!isDeepStrictEqual(current, found.after)) throw changed('the table as the cleaning has left it');
        await transaction.query('update data_cleanings set undone_at = now() where cleaning_id = $1', [cleaningId]);
        await replace(transaction, owner, found.before);
        return { ...cleaningOf(found), undone: true };
      }),
  };
}

async function rowOf(queryable: Queryable, cleaningId: string): Promise<CleaningRow | undefined> {
  const { rows } = await queryable.query<CleaningRow>(
    `select cleaning_id, file_id, number, fixes, before, after, changes, figures, undone_at
     from data_cleanings where cleaning_id = $1`,
    [cleaningId],
  );
  return rows[0];
}

/** Returns the table of a file as it stands, and keeps others from changing it. */
async function lockedTable(transaction: Queryable, owner: FileOwner): Promise<TablePlace | null> {
  const { rows } = await transaction.query<{ current: TablePlace | null }>(
    `select current from data_files where ${OWNED} for update`,
    keyOf(owner),
  );
  const [found] = rows;
  if (found === undefined) throw missing('fileId: expected the id of a file of the user');
  return found.current;
}

async function insert(
  transaction: Queryable,
  { fileId }: FileOwner,
  { cleaningId, fixes, before, after, changes, figures }: Omit<Cleaning, 'undone'>,
): Promise<void> {
  await transaction.query(
    `insert into data_cleanings (cleaning_id, file_id, number, fixes, before, after, changes, figures)
     select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7 from data_cleanings where file_id = $2`,
    [cleaningId, fileId, fixes, ...[before, after, changes, figures].map((value) => JSON.stringify(value))],
  );
}

async function replace(transaction: Queryable, owner: FileOwner, table: TablePlace): Promise<void> {
  await transaction.query(`update data_files set current = $4 where ${OWNED}`, [
    ...keyOf(owner),
    JSON.stringify(table),
  ]);
}

function requireOfFile({ file_id }: CleaningRow, { fileId }: FileOwner): void {
  if (file_id === fileId) return;
  throw new PerennialError(
    'DataFileTaken',
    'cleaningId: expected an id that no other cleaning has, got one that is taken',
  );
}

function missing(expected: string): PerennialError {
  return new PerennialError('DataFileMissing', `${expected}, got another one`);
}

function changed(expected: string): PerennialError {
  return new PerennialError('DataFileChanged', `Expected ${expected}, got a later one.`);
}

function cleaningOf(row: CleaningRow): Cleaning {
  const { cleaning_id: cleaningId, fixes, before, after, changes, figures, undone_at } = row;
  return { cleaningId, fixes, before, after, changes, figures, undone: undone_at !== null };
}
