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
    add: async (name, key) => {
      const added = await database.query<{ value: number }>(
        `with first as (
           insert into operations_effects (kind, key) values ('counted', $2) on conflict do nothing returning key)
         insert into operations_counters as kept (name, value) select $1, 1 from first
         on conflict (name) do update set value = kept.value + 1 returning value::integer`,
        [name, key],
      );
      // A statement of its own, because the one above does not see what another attempt has added meanwhile.
      const { rows } =
        added.rowCount > 0
          ? added
          : await database.query<{ value: number }>('select value::integer from operations_counters where name = $1', [
              name,
            ]);
      return rows[0]?.value ?? 0;
    },
  };
}
