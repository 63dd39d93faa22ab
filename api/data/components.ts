/** Names and examples of the shapes of data in the OpenAPI document. */
import {
  type DataColumn,
  dataColumnSchema,
  type DataFix,
  dataFixSchema,
  dataReportSchema,
} from '../../contracts/data/schema.ts';
import { component, type Components } from '../http/components.ts';
import { cleanBody, dataFileSchema, exportBody, startedFileSchema, undoCleanBody } from './schemas.ts';

const trim: DataFix = {
  id: 'trim:1',
  kind: 'trim',
  column: 1,
  changes: 3,
  exact: true,
  example: { line: 2, before: ' A-17', after: 'A-17' },
};

const column: DataColumn = {
  name: 'price',
  kind: 'decimal',
  kinds: { decimal: 990, integer: 10 },
  empty: 0,
  unreadable: 0,
  distinct: { count: 412, exact: true },
  shortest: 1,
  longest: 7,
  examples: ['12.50', '9.90'],
  numbers: {
    min: 1,
    max: 98_000,
    mean: 104.2,
    quartiles: [9.9, 12.5, 40],
    outliers: { count: 1, exact: true, examples: [{ line: 77, value: '98000' }] },
  },
};

export const dataComponents: Components = {
  StartedDataFile: component(startedFileSchema, { id: 'orders-2026', task: 'task-1' }),
  DataFile: component(dataFileSchema, {
    id: 'orders-2026',
    status: 'profiled',
    createdAt: '2026-01-31T12:00:00.000Z',
    figures: { rows: 1_000, columns: 2, duplicate_rows: 1, bad_rows: 0, fixes: 2 },
  }),
  DataReport: component(dataReportSchema, {
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ';',
    rows: 1_000,
    empty_rows: 0,
    bad_rows: { count: 0, examples: [] },
    duplicate_rows: { count: 1, exact: true, examples: [{ line: 12, first: 7 }] },
    columns: [column],
    fixes: [trim],
  }),
  DataColumn: component(dataColumnSchema, column),
  DataCleaning: component(cleanBody, { fixes: ['trim:1', 'duplicateRows'] }),
  UndoOfDataCleaning: component(undoCleanBody, { cleaningId: 'first' }),
  DataExport: component(exportBody, { format: 'csv' }),
  DataExportFormat: component(exportBody.shape.format),
  DataFix: component(dataFixSchema, trim),
};
