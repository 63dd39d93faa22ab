import { PerennialError } from '../../contracts/failures.ts';
import {
  DEFAULT_IMPORT_SCHEMA,
  findImportSchema,
  type ImportSchema,
  importSchemas,
} from '../../contracts/imports/vocabulary.ts';

/**
 * Returns the schema with this name, or the default one.
 * @throws PerennialError `ImportSchemaUnknown`
 */
export function schemaOf(name: string = DEFAULT_IMPORT_SCHEMA): ImportSchema {
  const schema = findImportSchema(name);
  if (schema !== undefined) return schema;
  const known = Object.keys(importSchemas).join(', ');
  throw new PerennialError('ImportSchemaUnknown', `schema: expected one of ${known}, got '${name.slice(0, 100)}'`);
}
