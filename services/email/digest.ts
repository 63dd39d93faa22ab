/** Reads the figures of digests from the documents of each user. */
import type { Database } from '../database/pool.ts';
import type { DigestFigures, DigestSource } from './port.ts';

/** Creates the source for a migrated database. It throws PerennialError `DatabaseUnavailable`. */
export function createDigestSource(database: Database): DigestSource {
  return {
    figures: async (userIds, from, to) => {
      const { rows } = await database.query<DigestFigures & { readonly user: string }>(
        `select user_id as "user",
           count(*) filter (where status = 'completed')::integer as completed,
           count(*) filter (where status = 'failed')::integer as failed,
           coalesce(sum(pages) filter (where status = 'completed'), 0)::integer as pages
         from documents
         where user_id = any($1::text[]) and created_at >= $2::timestamptz and created_at < $3::timestamptz
         group by user_id`,
        [userIds, from, to],
      );
      return new Map(rows.map(({ user, ...figures }) => [user, figures]));
    },
  };
}
