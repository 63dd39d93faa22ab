/** Deletes records of work that ended long ago (CLEAN-8): in slices, so that no statement holds many rows for long. */
import type { Database } from '../database/pool.ts';
import type { OldRecords } from './port.ts';

/** A table whose rows are of no use after a time. */
interface Rule {
  readonly table: string;
  /** Identifies a row. */
  readonly key: string;
  /** Tells of a row that it ended before `$1`. */
  readonly old: string;
  /** Rows of one slice; fewer where a row takes others with it. */
  readonly slice: number;
}

/** Only what has ended is listed: a batch that was never finished can still be resumed. */
const RULES: readonly Rule[] = [
  // Each takes up to 100,000 entries with it.
  { table: 'batches', key: 'id', old: 'finished_at < $1', slice: 1 },
  { table: 'health_changes', key: 'key', old: 'told_at < $1', slice: 1_000 },
  { table: 'sunrise_runs', key: 'key', old: 'ran_at < $1', slice: 1_000 },
];

/** Records of finished work in a migrated database. */
export function createOldRecords(database: Database): OldRecords {
  return {
    purge: async ({ before, dryRun, signal }) => {
      const counts: Record<string, number> = {};
      for (const rule of RULES) {
        counts[rule.table] = dryRun
          ? await countRows(database, rule, before)
          : await deleteRows(database, rule, before, signal);
      }
      return counts;
    },
  };
}

async function countRows(database: Database, { table, old }: Rule, before: Date): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::integer as count from ${table} where ${old}`,
    [before],
  );
  return rows[0]?.count ?? 0;
}

async function deleteRows(database: Database, rule: Rule, before: Date, signal: AbortSignal): Promise<number> {
  const { table, key, old, slice } = rule;
  let total = 0;
  for (;;) {
    signal.throwIfAborted();
    const { rowCount } = await database.query(
      `with old as (select ${key} from ${table} where ${old} order by ${key} limit $2 for update skip locked)
       delete from ${table} t using old where t.${key} = old.${key}`,
      [before, slice],
      { signal },
    );
    total += rowCount;
    if (rowCount < slice) return total;
  }
}
