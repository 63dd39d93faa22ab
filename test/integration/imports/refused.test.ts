import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImportInput } from '../../../contracts/imports/schema.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let database: TestDatabase;
let world: ImportWorld;
beforeAll(async () => {
  database = await testDatabase();
  world = await importWorld(database.db);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

it.each<[string, Omit<ImportInput, 'source'>, string]>([
  ['an unknown schema', { schema: 'people' }, 'ImportSchemaUnknown'],
  ['reading documents of users', { schema: 'users', startOcr: true }, 'InvalidInput'],
  ['a dataset of users', { schema: 'users', dataset: 'x' }, 'InvalidInput'],
  ['a date format without dates', { schema: 'users', dateFormat: 'DD.MM.YYYY' }, 'InvalidInput'],
  ['a decimal sign without decimals', { schema: 'records', decimal: ',' }, 'InvalidInput'],
  ['two places of the header', { schema: 'records', skipLines: 1, headerRow: 2 }, 'InvalidInput'],
])(
  'P3-18 an import that is refused at its start shows its reason, schema and time: %s',
  async (_what, options, type) => {
    const runId = randomUUID();
    const importId = `import-${runId}`;
    const input = { source: await world.upload('id,email\n1,a@example.com\n'), ...options };
    const error: unknown = await world.run('download', { importId, runId, input }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ type });
    const failure = { type, class: 'permanent', message: 'as the workflow tells' };
    await world.run('finish', { importId, runId, status: 'failed', failure });
    const view = await world.ports.imports.view(importId);
    expect(view).toMatchObject({ status: 'failed', schema: options.schema, source: 'upload', failure: { type } });
    expect(Date.now() - Date.parse(view?.createdAt ?? '')).toBeLessThan(60_000);
  },
);
