import type { Reject, ValidateRecordsInput, ValidateRecordsOutput } from '../../contracts/imports/schema.ts';
import type { ImportPorts } from './ports.ts';
import { schemaOf } from './schema-of.ts';

/** Validates the records of the caller: good ones are returned unchanged, bad ones are counted and explained. */
export function validateRecords(
  { rules }: Pick<ImportPorts, 'rules'>,
  { schema: name, records }: ValidateRecordsInput,
): ValidateRecordsOutput {
  const schema = schemaOf(name);
  const validate = rules.validator(schema);
  const valid: Record<string, string>[] = [];
  const rejects: Reject[] = [];
  for (const [index, record] of records.entries()) {
    const byName = new Map(Object.entries(record).map(([column, value]) => [column.trim().toLowerCase(), value]));
    const { faults } = validate((field) => byName.get(schema.fields[field]?.name ?? ''));
    if (faults.length === 0) valid.push(record);
    for (const { column, value, reason } of faults)
      rejects.push({ line: index + 1, column, value: rules.redact(value), reason });
  }
  return { valid, rejects };
}
