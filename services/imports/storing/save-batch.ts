/** Saves one batch in one transaction: rows, rejects and the progress of the range, all or nothing, and never twice. */
import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../../contracts/failures.ts';
import type { Database, Transaction } from '../../database/pool.ts';
import type { BatchSave, RangeState } from '../port.ts';
import { RANGE_COLUMNS } from './store-columns.ts';

interface Position {
  readonly doneTo: number;
  readonly step: string | null;
}

/**
 * Saves a batch and advances its range. The row of the range holds the next byte; when the batch does not begin there,
 * another attempt has already saved it.
 * @throws PerennialError `ImportOvertaken`, and what the database throws
 */
export async function saveBatch(database: Database, save: BatchSave, signal: AbortSignal): Promise<RangeState> {
  // Every repetition of this transaction uses the same id, so that a repetition after a lost answer recognises itself.
  const step = randomUUID();
  return database.transaction(
    async (transaction) => {
      const position = await lockRange(transaction, save);
      if (position.step === step) return currentState(transaction, save);
      if (position.doneTo !== save.from) throw overtaken(save, position.doneTo);
      const written = save.dryRun ? { saved: 0, skipped: 0 } : await writeRows(transaction, save);
      await writeRejects(transaction, save);
      return move(transaction, save, step, written);
    },
    { signal },
  );
}

async function lockRange(transaction: Transaction, { runId, range }: BatchSave): Promise<Position> {
  const { rows } = await transaction.query<Position>(
    `select done_to::float8 as "doneTo", step from import_ranges where run = $1 and range = $2 for update`,
    [runId, range],
  );
  if (rows[0] === undefined)
    throw new PerennialError('ImportNotFound', `Expected range ${range} of an import that runs, got none.`);
  return rows[0];
}

async function currentState(transaction: Transaction, { runId, range }: BatchSave): Promise<RangeState> {
  const { rows } = await transaction.query<RangeState>(
    `select ${RANGE_COLUMNS} from import_ranges where run = $1 and range = $2`,
    [runId, range],
  );
  if (rows[0] === undefined) throw overtaken({ range }, -1);
  return rows[0];
}

function overtaken({ range }: Pick<BatchSave, 'range'>, doneTo: number): PerennialError {
  return new PerennialError(
    'ImportOvertaken',
    `Expected range ${range} where this attempt had left it, found it at byte ${doneTo}. Retried from there.`,
  );
}

interface Written {
  readonly saved: number;
  readonly skipped: number;
}

/**
 * Inserts new rows with a statement that ignores conflicts, and handles the conflicts with a second one only when there
 * are any. A first import, the usual case, never runs the second.
 */
async function writeRows(transaction: Transaction, save: BatchSave): Promise<Written> {
  const { batch, target } = save;
  if (batch.rows === 0) return { saved: 0, skipped: 0 };
  const columns = target.columns.map((name) => `${name} text`).join(', ');
  await transaction.query(`create temporary table import_rows (${columns}, line bigint) on commit drop`);
  await transaction.copyIn('copy import_rows from stdin', batch.copy);
  const added = target.add(save);
  const { rowCount } = await transaction.query(added.text, added.values);
  const left = batch.rows - rowCount;
  if (left === 0 || target.replace === undefined) return { saved: rowCount, skipped: left };
  const replace = target.replace(save);
  const { rows } = await transaction.query<{ updated: number; replaced: number }>(replace.text, replace.values);
  const { updated, replaced } = rows[0] ?? { updated: 0, replaced: 0 };
  // A row that replaces a later line of this same run takes its place, and that line becomes the skipped one.
  return { saved: rowCount + updated - replaced, skipped: left - updated + replaced };
}

async function writeRejects(transaction: Transaction, { batch }: BatchSave): Promise<void> {
  if (batch.rejects.length === 0) return;
  await transaction.copyIn(
    'copy import_rejects (run, line, position, "column", value, reason) from stdin',
    batch.rejects,
  );
}

async function move(transaction: Transaction, save: BatchSave, step: string, written: Written): Promise<RangeState> {
  const { batch, runId, range } = save;
  const { rows } = await transaction.query<RangeState>(
    `update import_ranges set done_to = $3, line = $4, step = $5, read = read + $6, saved = saved + $7,
       rejected = rejected + $8, skipped = skipped + $9
     where run = $1 and range = $2 returning ${RANGE_COLUMNS}`,
    [
      runId,
      range,
      batch.to,
      batch.line,
      step,
      batch.read,
      written.saved,
      batch.rejected,
      batch.skipped + written.skipped,
    ],
  );
  if (rows[0] === undefined) throw overtaken({ range }, -1);
  return rows[0];
}
