/** Vectors in PostgreSQL: compared by `pgvector` where the database has it, else number by number in SQL. Both are exact. */
import { whenUsed } from '../../contracts/values/when-used.ts';
import type { Database } from '../database/pool.ts';
import type { HashedText, NearestSearch, VectorSpace, VectorStore } from './port.ts';
import { settle } from './usage.ts';

/** Opens the vectors of a migrated database. Every method throws PerennialError `DatabaseUnavailable` or `StorageFull`. */
export function createVectorStore(database: Database): VectorStore {
  // Asked once in a process: an extension that is created later is used after a restart.
  const hasPgvector = whenUsed(async () => {
    const { rowCount } = await database.query(`select from pg_extension where extname = 'vector'`);
    return rowCount > 0;
  });
  return {
    put: (space, collection, texts) => put(database, space, collection, texts),
    keep: ({ tenant, model }, vectors, settlement) =>
      database.transaction(async (transaction) => {
        await transaction.query(
          `insert into ai_vectors (tenant, model, text_hash, embedding)
           select $1, $2, v.hash, v.embedding::real[] from unnest($3::text[], $4::text[]) as v (hash, embedding)
           on conflict (tenant, model, text_hash) do nothing`,
          [tenant, model, [...vectors.keys()], [...vectors.values()].map(literal)],
        );
        await settle(transaction, settlement);
      }),
    find: async ({ tenant, model }, hash) => {
      const { rows } = await database.query<{ embedding: number[] }>(
        'select embedding from ai_vectors where tenant = $1 and model = $2 and text_hash = $3',
        [tenant, model, hash],
      );
      return rows[0]?.embedding;
    },
    nearest: async (search) => nearest(database, search, (await hasPgvector()) ? BY_PGVECTOR : BY_SQL),
  };
}

function literal(vector: readonly number[]): string {
  return `{${vector.join()}}`;
}

async function put(
  database: Database,
  { tenant, model }: VectorSpace,
  collection: string,
  texts: readonly HashedText[],
): Promise<readonly string[]> {
  const { rows } = await database.query<{ hash: string }>(
    `with given as (
       select t.id, t.hash, v.text_hash is not null as known from unnest($4::text[], $5::text[]) as t (id, hash)
       left join ai_vectors v on v.tenant = $1 and v.model = $2 and v.text_hash = t.hash),
     written as (
       insert into ai_texts as old (tenant, model, collection, text_id, text_hash)
       select $1, $2, $3, id, hash from given where known order by id
       on conflict (tenant, model, collection, text_id) do update set text_hash = excluded.text_hash
       where old.text_hash <> excluded.text_hash)
     select distinct hash from given where not known order by hash`,
    [tenant, model, collection, texts.map(({ id }) => id), texts.map(({ hash }) => hash)],
  );
  return rows.map(({ hash }) => hash);
}

/** How near a vector `v.embedding` of the length 1 is to `$4`. */
const BY_SQL = '(select sum(a::float8 * b) from unnest(v.embedding, $4::real[]) as both_of (a, b))';
const BY_PGVECTOR = '-(v.embedding::vector <#> ($4::real[])::vector)';

async function nearest(
  database: Database,
  { tenant, model, collection, vector, limit }: NearestSearch,
  score: string,
): Promise<readonly { readonly id: string; readonly score: number }[]> {
  const { rows } = await database.query<{ id: string; score: number }>(
    `select t.text_id as id, ${score} as score from ai_texts t join ai_vectors v using (tenant, model, text_hash)
     where tenant = $1 and model = $2 and t.collection = $3 and cardinality(v.embedding) = $5
     order by score desc, id limit $6`,
    [tenant, model, collection, literal(vector), vector.length, limit],
  );
  return rows;
}
