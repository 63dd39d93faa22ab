import { importWorkflows } from '../../../contracts/imports/vocabulary.ts';
import { type Scenario, until } from './scenario.ts';
import { scriptDocuments } from '../scripted/documents.ts';
import { scriptImports, type ScriptedImports } from '../scripted/imports.ts';

const workflow = importWorkflows.dataImport;
const source = { url: 'https://example.com/list.csv' };
const schema = 'users';

export const importScenarios = {
  'data-import.success': {
    workflow,
    world: () => scriptImports({ ranges: [10, 10, 5] }),
    args: [{ source, schema }],
  },
  'data-import.address-only': {
    workflow,
    world: () => scriptImports(),
    args: ['https://example.com/list.csv'],
  },
  'data-import.rejects': {
    workflow,
    world: () => scriptImports({ ranges: [10, 10], bad: 2 }),
    args: [{ source, schema }],
  },
  'data-import.header-only': {
    workflow,
    world: () => scriptImports({ ranges: [] }),
    args: [{ source, schema }],
  },
  'data-import.many-ranges': {
    workflow,
    world: () => scriptImports({ ranges: Array.from({ length: 64 }, () => 100) }),
    args: [{ source, schema, window: 8 }],
  },
  'data-import.retried': {
    workflow,
    world: () => scriptImports({ fails: { step: 'imports.save', type: 'DatabaseUnavailable', times: 2 } }),
    args: [{ source, schema }],
  },
  'data-import.not-found': {
    workflow,
    world: () => scriptImports({ fails: { step: 'imports.download', type: 'DownloadRefused' } }),
    args: [{ source, schema }],
  },
  'data-import.wrong-columns': {
    workflow,
    world: () => scriptImports({ fails: { step: 'imports.parse', type: 'ImportColumns' } }),
    args: [{ source, schema }],
  },
  'data-import.invalid-input': {
    workflow,
    world: () => scriptImports({ fails: { step: 'imports.download', type: 'InvalidInput' } }),
    args: [{ source: { url: 'no address' } }],
  },
  'data-import.cancelled': {
    workflow,
    world: () => scriptImports({ ranges: [10, 10, 10, 10, 10, 10], takesMs: 60_000 }),
    args: [{ source, schema, window: 2 }],
    meanwhile: async (handle, { saves }) => {
      await until(() => saves.length >= 2);
      await handle.cancel();
    },
  },
  'data-import.dry-run': {
    workflow,
    world: () => scriptImports(),
    args: [{ source, schema, dryRun: true, startOcr: true }],
  },
  'data-import.starts-ocr': {
    workflow,
    world: () => {
      const imports = scriptImports({ documents: 2 });
      return { ...imports, activities: { ...scriptDocuments([{}, {}]).activities, ...imports.activities } };
    },
    args: [{ source, schema: 'documents', startOcr: { backend: 'tesseract' } }],
  },
  'sync-external-data.nothing-configured': {
    workflow: importWorkflows.syncExternalData,
    world: () => scriptImports(),
    args: [],
  },
  'sync-external-data.two-sources': {
    workflow: importWorkflows.syncExternalData,
    world: () =>
      scriptImports({
        sources: [
          { url: 'https://example.com/a.csv?key=secret', schema: 'users' },
          { url: 'https://example.com/b.csv', schema: 'records', dataset: 'b' },
        ],
      }),
    args: [],
  },
  'sync-external-data.one-fails': {
    workflow: importWorkflows.syncExternalData,
    world: () =>
      scriptImports({
        sources: [{ url: 'https://example.com/a.csv', schema: 'users' }],
        fails: { step: 'imports.download', type: 'DownloadRefused' },
      }),
    args: [],
  },
} as const satisfies Readonly<Record<string, Scenario<ScriptedImports>>>;
