/** Documents of a list that are named by address: each is fetched and then settled in one transaction. */
import { storableJson } from '../../database/text.ts';
import type { Database } from '../../database/pool.ts';
import type { ImportStore, PendingDownload } from '../port.ts';

/** Creates the part of the import store that handles documents. */
export function createDownloadStore(
  database: Database,
): Pick<ImportStore, 'downloads' | 'settleDownload' | 'documents'> {
  return {
    downloads: async (runId, limit) => {
      const { rows } = await database.query<PendingDownload>(
        `select document_id as "documentId", url, line::float8 as line from import_downloads
         where run = $1 order by line limit $2`,
        [runId, limit],
      );
      return rows;
    },
    settleDownload: (runId, documentId, end) => settle(database, runId, documentId, end),
    documents: async (runId, after, limit) => {
      const { rows } = await database.query<{ id: string; line: number }>(
        `select id, import_line::float8 as line from documents where import_run = $1 and import_line > $2
         order by import_line limit $3`,
        [runId, after, limit],
      );
      return rows;
    },
  };
}

/**
 * Settles one document. Its line was counted as saved when it was read, so a document that cannot be fetched is moved
 * to the rejects.
 */
async function settle(
  database: Database,
  runId: string,
  documentId: string,
  end: Parameters<ImportStore['settleDownload']>[2],
): Promise<void> {
  if ('blob' in end) {
    await database.query(
      `with due as (delete from import_downloads where run = $1 and document_id = $2 returning *)
       insert into documents (id, user_id, name, blob, import_run, import_line)
       select document_id, user_id, name, $3::jsonb, run, line from due on conflict (id) do nothing`,
      [runId, documentId, storableJson(end.blob)],
    );
    return;
  }
  await database.query(
    `with due as (delete from import_downloads where run = $1 and document_id = $2 returning *),
       counted as (
         update import_ranges r set saved = saved - 1, rejected = rejected + 1 from due
         where r.run = due.run and r.range = (select max(n.range) from import_ranges n, due d where n.run = d.run)
       )
     insert into import_rejects (run, line, position, "column", value, reason)
     select run, line, 0, 'url', '', $3 from due on conflict do nothing`,
    [runId, documentId, end.reason],
  );
}
