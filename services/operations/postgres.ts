import type { Database } from '../database/pool.ts';
import type { EffectLog } from './port.ts';

/** Creates the log of effects in PostgreSQL. */
export function createEffectLog(database: Database): EffectLog {
  return {
    once: async (kind, key) => {
      const { rowCount } = await database.query(
        'insert into operations_effects (kind, key) values ($1, $2) on conflict do nothing',
        [kind, key],
      );
      return rowCount === 1;
    },
  };
}
