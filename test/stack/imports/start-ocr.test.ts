/** A list of documents that is imported with `startOcr`: everything from the file to what was read. */
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTruth, samplesFolder } from '../../../scripts/samples/truth.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import { characterErrorRate } from '../../support/files/accuracy.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';

const SAMPLES = ['01-letter.png', '02-leaflet.png'] as const;
/** Worst error rate that is still a reading. */
const WORST = 0.05;

let world: TestStack;

beforeAll(async () => {
  world = await startTestStack();
});
afterAll(() => world.stop());

describe('an imported list of documents', () => {
  it('IMPORT-1 IDEM-4 starts a batch that reads each of them once, the imported rows and no others', async () => {
    const files = SAMPLES.map((name) => path.join(world.inbox, name));
    await Promise.all(SAMPLES.map((name, n) => copyFile(path.join(samplesFolder, name), files[n]!)));
    const list = path.join(world.inbox, 'list.csv');
    await writeFile(list, `path,user\n${files.map((file) => `${file},ann\n`).join('')},nobody\n${files[0]!},ann\n`);

    const start = () =>
      world.client.imports.start(
        { source: { path: list }, schema: 'documents', startOcr: { backend: 'tesseract' } },
        { id: 'list' },
      );
    const result = await (await start()).result({ timeoutMs: 60_000 });
    expect(result).toMatchObject({ status: 'partial', read: 4, saved: 2, rejected: 1, skipped: 1 });

    const summary = await world.client.documents.getBatch(result.batchId ?? '').result({ timeoutMs: 120_000 });
    expect(summary).toMatchObject({ total: 2, saved: 2, failed: 0, missing: 0, pending: 0 });
    expect(await (await start()).result()).toEqual(result);
    const { rows } = await world.database.query<{ id: string; name: string; user_id: string; status: string }>(
      'select id, name, user_id, status from documents order by name',
    );
    expect(rows.map(({ name, user_id, status }) => [name, user_id, status])).toEqual(
      SAMPLES.map((name) => [name, 'ann', 'completed']),
    );

    expect(summary.outcomes?.map(({ documentId }) => documentId).sort()).toEqual(rows.map(({ id }) => id).sort());

    const truth = await readTruth();
    const documents = createDocumentStore(world.database);
    for (const { id, name } of rows) {
      const text = (await documents.result(id))?.text ?? '';
      expect(characterErrorRate(text, truth[name]?.text.join('\n') ?? '')).toBeLessThan(WORST);
    }
  });
});
