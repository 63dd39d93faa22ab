/** What was written for users, in PostgreSQL. */
import { PerennialError } from '../../contracts/failures.ts';
import type { ExportFormat } from '../../contracts/data/vocabulary.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { Database } from '../database/pool.ts';
import type { DataExport, DataExports } from './port.ts';

interface ExportRow {
  readonly export_id: string;
  readonly file_id: string;
  readonly format: ExportFormat;
  readonly rows: string;
  readonly left_out: string;
  readonly file: BlobRef;
}

/** Opens the exports of a migrated database. */
export function createDataExports(database: Database): DataExports {
  const find: DataExports['find'] = async ({ userId, tenant }, exportId) => {
    const { rows } = await database.query<ExportRow>(
      `select e.export_id, e.file_id, e.format, e.rows, e.left_out, e.file
       from data_exports e join data_files f using (file_id)
       where e.export_id = $1 and f.user_id = $2 and f.tenant is not distinct from $3`,
      [exportId, userId, tenant ?? null],
    );
    const [found] = rows;
    return found === undefined ? undefined : exportOf(found);
  };
  return {
    find,
    note: async (owner, { exportId, fileId, format, rows, leftOut, file }) => {
      await database.query(
        `insert into data_exports (export_id, file_id, format, rows, left_out, file) values ($1, $2, $3, $4, $5, $6)
         on conflict (export_id) do nothing`,
        [exportId, fileId, format, rows, leftOut, JSON.stringify(file)],
      );
      const noted = await find(owner, exportId);
      if (noted?.fileId === fileId && noted.format === format) return noted;
      throw new PerennialError(
        'DataFileTaken',
        'exportId: expected an id that no other export has, got one that is taken',
      );
    },
  };
}

function exportOf({ export_id: exportId, file_id: fileId, format, rows, left_out, file }: ExportRow): DataExport {
  return { exportId, fileId, format, rows: Number(rows), leftOut: Number(left_out), file };
}
