/** Files of users, in PostgreSQL. */
import { isDeepStrictEqual } from 'node:util';
import { PerennialError } from '../../contracts/failures.ts';
import type { FileOptions } from '../../contracts/data/schema.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { Database } from '../database/pool.ts';
import type { DataFile, DataFiles, FileOwner, NewFile, Profiled } from './port.ts';

interface FileRow {
  readonly file_id: string;
  readonly original: BlobRef;
  readonly options: FileOptions;
  readonly figures: Profiled['figures'] | null;
  readonly report: BlobRef | null;
  readonly current: Profiled['current'] | null;
  readonly created_at: Date;
}

const COLUMNS = 'file_id, original, options, figures, report, current, created_at';

/** A file of another user or tenant is not found. */
export const OWNED = 'file_id = $1 and user_id = $2 and tenant is not distinct from $3';

/** Opens the files of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createDataFiles(database: Database): DataFiles {
  const find = async (owner: FileOwner): Promise<FileRow | undefined> => {
    const { rows } = await database.query<FileRow>(`select ${COLUMNS} from data_files where ${OWNED}`, keyOf(owner));
    return rows[0];
  };
  return {
    open: async (file) => {
      await requireUser(database, file.userId);
      await database.query(
        `insert into data_files (file_id, user_id, tenant, original, options) values ($1, $2, $3, $4, $5)
         on conflict (file_id) do nothing`,
        [...keyOf(file), JSON.stringify(file.original), JSON.stringify(file.options)],
      );
      const found = await find(file);
      if (found === undefined || !isSame(found, file)) throw taken();
      return fileOf(found);
    },
    get: async (owner) => {
      const found = await find(owner);
      if (found === undefined)
        throw new PerennialError('DataFileMissing', 'fileId: expected the id of a file of the user, got another one');
      return fileOf(found);
    },
    profiled: async (owner, { figures, report, current }) => {
      await database.query(
        `update data_files set figures = $4, report = $5, first = $6, current = $6, profiled_at = now()
         where ${OWNED} and profiled_at is null`,
        [...keyOf(owner), JSON.stringify(figures), JSON.stringify(report), JSON.stringify(current)],
      );
      const found = await find(owner);
      const profiled = found === undefined ? undefined : fileOf(found).profiled;
      if (profiled === undefined)
        throw new PerennialError('DataFileMissing', 'Expected the file that was read, got none: it was deleted.');
      return profiled;
    },
  };
}

/** The values that {@link OWNED} compares with. */
export function keyOf({ fileId, userId, tenant }: FileOwner): readonly unknown[] {
  return [fileId, userId, tenant ?? null];
}

async function requireUser(database: Database, userId: string): Promise<void> {
  const { rows } = await database.query('select from users where id = $1', [userId]);
  if (rows.length === 0)
    throw new PerennialError('UserMissing', 'userId: expected the id of a user, got one that nobody has');
}

/** The same bytes may be uploaded again, to another place. */
function isSame(found: FileRow, { original, options }: NewFile): boolean {
  return found.original.sha256 === original.sha256 && isDeepStrictEqual(found.options, options);
}

function taken(): PerennialError {
  return new PerennialError('DataFileTaken', 'fileId: expected an id that no other file has, got one that is taken');
}

function fileOf({ file_id, original, figures, report, current, created_at }: FileRow): DataFile {
  return {
    fileId: file_id,
    original,
    profiled: figures === null || report === null || current === null ? undefined : { figures, report, current },
    createdAt: created_at,
  };
}
