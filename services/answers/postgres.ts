/** Keeps answers in PostgreSQL, so that any process can repeat them. */
import type { Database } from '../database/pool.ts';
import type { Claim, Hold, KeptAnswers } from './port.ts';

/** Tables of answers: to requests of the API, and of the effects of tasks. */
export type AnswerTable = 'request_answers' | 'effect_answers';

interface Row {
  readonly holder: string;
  readonly fingerprint: string;
  readonly answer: Buffer | null;
  readonly claims: number;
}

/** Creates the store in a migrated database. */
export function createKeptAnswers(database: Database, table: AnswerTable): KeptAnswers {
  const change = async (hold: Hold, statement: string, ...values: readonly unknown[]): Promise<void> => {
    await database.query(statement, [hold.name, hold.holder, ...values]);
  };
  return {
    claim: (hold, fingerprint, holdMs) => claim(database, table, { hold, fingerprint, holdMs }),
    renew: (hold, holdMs) =>
      change(
        hold,
        `update ${table} set held_until = clock_timestamp() + $3 * interval '1 millisecond'
         where name = $1 and holder = $2 and answer is null`,
        holdMs,
      ),
    keep: async ({ name, holder }, answer) => {
      const { rowCount } = await database.query(
        // A statement whose own answer was lost is repeated, and finds what it has written.
        `update ${table} set answer = $3, holder = $2 where name = $1 and (answer is null or holder = $2)`,
        [name, holder, answer],
      );
      return rowCount === 1;
    },
    free: (hold) =>
      change(
        hold,
        `update ${table} set held_until = clock_timestamp() where name = $1 and holder = $2 and answer is null`,
      ),
    forget: (hold) => change(hold, `delete from ${table} where name = $1 and holder = $2 and answer is null`),
  };
}

interface Wanted {
  readonly hold: Hold;
  readonly fingerprint: string;
  readonly holdMs: number;
}

async function claim(database: Database, table: AnswerTable, { hold, fingerprint, holdMs }: Wanted): Promise<Claim> {
  for (;;) {
    await database.query(
      `insert into ${table} as kept (name, holder, fingerprint, held_until)
       values ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
       on conflict (name) do update
         set holder = excluded.holder, held_until = excluded.held_until, claims = kept.claims + 1
       where kept.fingerprint = excluded.fingerprint and kept.answer is null and kept.held_until <= clock_timestamp()`,
      [hold.name, hold.holder, fingerprint, holdMs],
    );
    const { rows } = await database.query<Row>(
      `select holder, fingerprint, answer, claims from ${table} where name = $1`,
      [hold.name],
    );
    const [row] = rows;
    // Work that was refused meanwhile has taken its row away.
    if (row !== undefined) return claimOf(row, hold, fingerprint);
  }
}

function claimOf(row: Row, { holder }: Hold, fingerprint: string): Claim {
  if (row.fingerprint !== fingerprint) return { kind: 'other', fingerprint: row.fingerprint };
  if (row.answer !== null) return { kind: 'answered', answer: row.answer };
  return row.holder === holder ? { kind: 'granted', begunBefore: row.claims > 1 } : { kind: 'held' };
}
