import { setImmediate } from 'node:timers/promises';
import type { Reject, ValidateRecordsInput, ValidateRecordsOutput } from '../../contracts/imports/schema.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { ImportPorts } from './ports.ts';
import { schemaOf } from './schema-of.ts';

/** Longest time without a turn of the event loop, in milliseconds. */
const TURN_MS = 10;

/**
 * Validates the records of the caller: good ones are returned unchanged, bad ones are counted and explained. The rest of
 * the process runs in between, because records may be large.
 */
export async function validateRecords(
  { rules }: Pick<ImportPorts, 'rules'>,
  { schema: name, records }: ValidateRecordsInput,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<ValidateRecordsOutput> {
  const schema = schemaOf(name);
  const validate = rules.validator(schema);
  const valid: Record<string, string>[] = [];
  const rejects: Reject[] = [];
  let turnBegan = performance.now();
  for (const [index, record] of records.entries()) {
    if (performance.now() - turnBegan > TURN_MS) {
      await setImmediate();
      signal.throwIfAborted();
      turnBegan = performance.now();
    }
    const byName = new Map(Object.entries(record).map(([column, value]) => [column.trim().toLowerCase(), value]));
    const { faults } = validate((field) => byName.get(schema.fields[field]?.name ?? ''));
    if (faults.length === 0) valid.push(record);
    for (const { column, value, reason } of faults)
      rejects.push({ line: index + 1, column, value: rules.redact(value), reason });
  }
  return { valid, rejects };
}
