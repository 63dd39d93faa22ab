import type { Database } from '../database/pool.ts';
import type { Counters, EffectLog } from './port.ts';

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

/** Creates counters in PostgreSQL. */
export function createCounters(database: Database): Counters {
  return {
    add: async (name) => {
      const { rows } = await database.query<{ value: number }>(
        `insert into operations_counters as kept (name, value) values ($1, 1)
         on conflict (name) do update set value = kept.value + 1 returning value::integer`,
        [name],
      );
      return rows[0]?.value ?? 0;
    },
  };
}
