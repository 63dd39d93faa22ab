/** Keeps answers to requests in PostgreSQL, so that any process of the API can repeat them. */
import type { Database } from '../database/pool.ts';
import type { Claim, Hold, RequestAnswers } from './port.ts';

interface Row {
  readonly holder: string;
  readonly fingerprint: string;
  readonly answer: Buffer | null;
}

/** Creates the store in a migrated database. */
export function createRequestAnswers(database: Database): RequestAnswers {
  const change = async (hold: Hold, statement: string, ...values: readonly unknown[]): Promise<void> => {
    await database.query(statement, [hold.name, hold.holder, ...values]);
  };
  return {
    claim: (hold, fingerprint, holdMs) => claim(database, hold, fingerprint, holdMs),
    renew: (hold, holdMs) =>
      change(
        hold,
        `update request_answers set held_until = clock_timestamp() + $3 * interval '1 millisecond'
         where name = $1 and holder = $2 and answer is null`,
        holdMs,
      ),
    keep: (hold, answer) =>
      change(hold, 'update request_answers set answer = $3 where name = $1 and holder = $2', answer),
    free: (hold) =>
      change(
        hold,
        'update request_answers set held_until = clock_timestamp() where name = $1 and holder = $2 and answer is null',
      ),
    forget: (hold) => change(hold, 'delete from request_answers where name = $1 and holder = $2 and answer is null'),
  };
}

async function claim(database: Database, hold: Hold, fingerprint: string, holdMs: number): Promise<Claim> {
  for (;;) {
    await database.query(
      `insert into request_answers (name, holder, fingerprint, held_until)
       values ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
       on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
       where request_answers.fingerprint = excluded.fingerprint
         and request_answers.answer is null and request_answers.held_until <= clock_timestamp()`,
      [hold.name, hold.holder, fingerprint, holdMs],
    );
    const { rows } = await database.query<Row>(
      'select holder, fingerprint, answer from request_answers where name = $1',
      [hold.name],
    );
    const [row] = rows;
    // A request that was refused meanwhile has taken its row away.
    if (row !== undefined) return claimOf(row, hold, fingerprint);
  }
}

function claimOf(row: Row, { holder }: Hold, fingerprint: string): Claim {
  if (row.fingerprint !== fingerprint) return { kind: 'other', fingerprint: row.fingerprint };
  if (row.answer !== null) return { kind: 'answered', answer: row.answer };
  return { kind: row.holder === holder ? 'granted' : 'held' };
}
