/** Pieces of what failed runs have done, as they stand in PostgreSQL. */
import type { Database, Queryable } from '../database/pool.ts';
import type { KeptPieces, KeptRun } from './port.ts';

/** Creates what reads the pieces. */
export function createKeptPieces(database: Database): KeptPieces {
  return {
    piece: async (runId, place) => {
      const { rows } = await database.query<{ keyId: string; sealed: Buffer }>(
        'select key_id as "keyId", sealed from dead_run_pieces where run_id = $1 and place = $2',
        [runId, place],
      );
      return rows[0];
    },
  };
}

/** Writes the pieces of a run and of those below it. */
export async function insertPieces(transaction: Queryable, rootRunId: string, { pieces }: KeptRun): Promise<void> {
  for (const { runId, place, keyId, sealed } of pieces)
    await transaction.query(
      `insert into dead_run_pieces (run_id, place, root_run_id, key_id, sealed) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [runId, place, rootRunId, keyId, sealed],
    );
}
