/** What was made of media, in PostgreSQL: one row for each medium, and one for each of its files. */
import { PerennialError } from '../../contracts/failures.ts';
import type { MediaFile } from '../../contracts/media/schema.ts';
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { Database } from '../database/pool.ts';
import { storableJson } from '../database/text.ts';
import type { MediaName, MediaRecords, StoredMedium } from './port.ts';

interface FileRow {
  readonly name: string;
  readonly mediaType: string;
  readonly file: BlobRef;
  readonly width: number;
  readonly height: number;
}

const FILE_COLUMNS = 'name, media_type as "mediaType", file, width, height';

/** Tenants are texts; the one of callers that name none is empty, which no tenant may be. */
const tenantOf = ({ tenant }: MediaName): string => tenant ?? '';

/** Opens the records of a migrated database. */
export function createMediaRecords(database: Database): MediaRecords {
  const filesOf = async (name: MediaName): Promise<readonly MediaFile[]> => {
    const { rows } = await database.query<FileRow>(
      `select ${FILE_COLUMNS} from media_files where tenant = $1 and media_key = $2 order by made_at, name`,
      [tenantOf(name), name.key],
    );
    return rows;
  };
  return {
    begin: async (name, content, source) => {
      await database.query(
        `insert into media (tenant, media_key, content, source) values ($1, $2, $3, $4::jsonb)
         on conflict (tenant, media_key) do nothing`,
        [tenantOf(name), name.key, content, storableJson(source)],
      );
      const { rows } = await database.query<{ content: string }>(
        'select content from media where tenant = $1 and media_key = $2',
        [tenantOf(name), name.key],
      );
      if (rows[0]?.content !== content) throw reused(name);
      return filesOf(name);
    },
    add: async (name, file) => {
      const { rows } = await database.query<FileRow>(
        // The update changes nothing: it returns the row that is there.
        `insert into media_files as f (tenant, media_key, name, media_type, file, width, height)
         values ($1, $2, $3, $4, $5::jsonb, $6, $7)
         on conflict (tenant, media_key, name) do update set name = f.name
         returning ${FILE_COLUMNS}`,
        [tenantOf(name), name.key, file.name, file.mediaType, storableJson(file.file), file.width, file.height],
      );
      return rows[0] ?? file;
    },
    find: async (name) => {
      const { rows } = await database.query<Omit<StoredMedium, 'files'>>(
        'select media_key as key, created_at as "createdAt" from media where tenant = $1 and media_key = $2',
        [tenantOf(name), name.key],
      );
      return rows[0] && { ...rows[0], files: await filesOf(name) };
    },
  };
}

function reused({ key }: MediaName): PerennialError {
  return new PerennialError(
    'MediaKeyReused',
    `mediaKey: expected the file and the wishes that '${key}' was begun with, got others. Choose another key.`,
  );
}
