/** Shows imports and their rows, which stand in the database: the same looks for callers, API and command line. */
import { z } from 'zod';
import { importFilterSchema, type ImportView } from '../../contracts/imports/view.schema.ts';
import { ROW_FORMATS } from '../../contracts/imports/vocabulary.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import { importStanding } from './standing.ts';
import type { ImportHandle, ImportJobs, ImportRecords } from './types.ts';

const PAGE = 100;
const NEVER = new AbortController().signal;

const filterSchema = z.strictObject(importFilterSchema.shape);
const limitSchema = z.int().min(1).max(500);
const afterSchema = z.string().min(1).max(1_000).optional();
const formatSchema = z.enum(ROW_FORMATS);

/**
 * Binds the looks to the database.
 *
 * @param records - `undefined` for a client that was connected without; each look then says so
 * @param handleOf - gives the handle of an import by its id
 */
export function createImportLooks(
  records: ImportRecords | undefined,
  handleOf: (id: string) => Pick<ImportHandle, 'id' | 'status' | 'run'>,
): Pick<ImportJobs, 'view' | 'list' | 'rows' | 'export'> {
  const known = (): ImportRecords => records ?? missing();
  const view = async (id: string): Promise<ImportView> => importStanding(handleOf(id), known());
  return {
    view,
    list: async (filter = {}, { limit = PAGE } = {}) =>
      known().list(validate(filterSchema, filter, 'filter'), validate(limitSchema, limit, 'limit')),
    rows: async (given, { after, limit = PAGE } = {}) => {
      const page = [validate(afterSchema, after, 'after'), validate(limitSchema, limit, 'limit')] as const;
      const { id } = await view(given);
      return known().rows(id, ...page);
    },
    export: async (given, { format = 'csv', signal = NEVER } = {}) => {
      const form = validate(formatSchema, format, 'format');
      const { id } = await view(given);
      return known().export(id, form, signal);
    },
  };
}

function missing(): never {
  const expected = 'the rows of imports: pass `importRecords` to connectPerennial';
  throw new InvalidInput([{ field: 'importRecords', expected, got: 'none' }]);
}
