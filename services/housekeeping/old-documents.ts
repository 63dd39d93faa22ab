/** Deletes documents that ended long ago, with their pages. */
import type { BlobRef } from '../../contracts/values/blobs.ts';
import type { Database } from '../database/pool.ts';
import type { DeletedDocuments, OldDocuments } from './port.ts';

/** Failed documents are included, because nobody retries them after so long. */
const DONE = ['completed', 'failed'] as const;

/** Creates the clean-up of old documents in a migrated database. */
export function createOldDocuments(database: Database): OldDocuments {
  return {
    deleteSome: (before, limit) => deleteSome(database, before, limit),
    count: (before) => count(database, before),
  };
}

/** Deletes one status after the other: each is a range of one index, so every slice costs the same. */
async function deleteSome(database: Database, before: Date, limit: number): Promise<DeletedDocuments> {
  for (const status of DONE) {
    const { rows } = await database.query<{ blob: BlobRef | null }>(
      `with old as (
         select id from documents where status = $1 and created_at < $2
         order by created_at, id limit $3
         for update skip locked
       )
       delete from documents d using old where d.id = old.id
       returning d.blob`,
      [status, before, limit],
    );
    if (rows.length > 0) return { documents: rows.length, blobs: rows.flatMap(({ blob }) => blob ?? []) };
  }
  return { documents: 0, blobs: [] };
}

async function count(
  database: Database,
  before: Date,
): Promise<{ readonly documents: number; readonly files: number; readonly bytes: number }> {
  const { rows } = await database.query<{ documents: number; files: number; bytes: number }>(
    `with old as (
       select blob from documents where status = any($1::text[]) and created_at < $2
     ), files as (
       select blob ->> 'key' as key, max((blob ->> 'size')::bigint) as size from old where blob is not null group by 1
     ), alone as (
       select size from files f where not exists (
         select from documents d
         where d.blob ->> 'key' = f.key and d.blob is not null and not (d.status = any($1::text[]) and d.created_at < $2)
       )
     )
     select (select count(*)::integer from old) as documents, count(*)::integer as files,
       coalesce(sum(size), 0)::double precision as bytes
     from alone`,
    [[...DONE], before],
  );
  return rows[0] ?? { documents: 0, files: 0, bytes: 0 };
}
