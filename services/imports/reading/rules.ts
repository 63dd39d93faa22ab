import type { ImportSchema } from '../../../contracts/imports/vocabulary.ts';
import { csvLine } from './csv.ts';
import { redact, type Validate, validatorOf } from './fields.ts';
import { mapColumns } from './header.ts';
import { type Target, targets } from '../storing/targets.ts';

/** The rules of records as a port: pure functions, bundled for layers that may not import services. */
export const importRules = {
  validator: (schema: ImportSchema): Validate => validatorOf(schema, {}),
  redact,
  csvLine,
  target: (schema: ImportSchema): Target => targets[schema.target],
  present: (header: readonly string[], schema: ImportSchema): readonly string[] => {
    const { fieldAt } = mapColumns(header, schema, undefined);
    return schema.fields.filter((_field, index) => fieldAt[index] !== undefined).map(({ name }) => name);
  },
};
