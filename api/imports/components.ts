/** Names and examples of the shapes of imports in the OpenAPI document. */
import { importLayoutSchema } from '../../contracts/imports/schema.ts';
import { importedRowSchema, importOptionsSchema, importViewSchema } from '../../contracts/imports/view.schema.ts';
import { component, type Components } from '../http/components.ts';
import { importSchemasSchema, progressSchema, startBody } from './schemas.ts';

const counts = { read: 1_000, saved: 990, rejected: 4, skipped: 6 };
const layout = {
  format: 'csv',
  encoding: 'utf-8',
  encodingFrom: 'bytes',
  mixedEncoding: false,
  delimiter: ';',
  header: ['sku', 'price'],
  ignored: [],
  bytes: 48_213,
  lines: 1_001,
} as const;
const options = { key: 'sku', format: 'csv', decimal: ',' } as const;

export const importComponents: Components = {
  StartOfImport: component(startBody, { source: { path: '/data/prices.csv' }, dataset: 'prices', key: 'sku' }),
  Import: component(importViewSchema, {
    id: 'import-prices',
    runId: '0194c1f0-7b60-7000-8000-000000000000',
    status: 'finished',
    schema: 'records',
    dataset: 'prices',
    source: '/data/prices.csv',
    dryRun: false,
    options,
    ...counts,
    bytes: 48_213,
    doneBytes: 48_213,
    layout: { ...layout, header: [...layout.header], ignored: [] },
    rejects: null,
    failure: null,
    createdAt: '2026-01-31T12:00:00.000Z',
    finishedAt: '2026-01-31T12:00:04.000Z',
  }),
  ImportStatus: component(importViewSchema.shape.status),
  ImportOptions: component(importOptionsSchema, options),
  ImportLayout: component(importLayoutSchema, { ...layout, header: [...layout.header], ignored: [] }),
  ImportFormat: component(importLayoutSchema.shape.format),
  DecimalSign: component(importOptionsSchema.shape.decimal.unwrap()),
  ImportConflict: component(importOptionsSchema.shape.onConflict.unwrap()),
  FileEncoding: component(importLayoutSchema.shape.encoding),
  ImportProgress: component(progressSchema, {
    phase: 'saving',
    bytes: 48_213,
    doneBytes: 20_000,
    ...counts,
    startedAt: '2026-01-31T12:00:00.000Z',
    remainingMs: 2_000,
  }),
  ImportedRow: component(importedRowSchema, { line: 2, key: 'A-17', values: { sku: 'A-17', price: 12.5 } }),
  ImportSchemas: component(importSchemasSchema, { schemas: { records: { type: 'object' } } }),
};
