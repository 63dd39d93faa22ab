/** Bad input ends as a permanent, explained failure of that document alone. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchSummary } from '../../../contracts/documents/schema.ts';
import type { FailureType } from '../../../contracts/failures.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';

let world: TestStack;
let folder: string;

beforeAll(async () => {
  world = await startTestStack();
  folder = path.join(world.inbox, 'bad');
  await mkdir(folder);
});
afterAll(() => world.stop());

async function read(input: { paths?: string[]; documentIds?: string[]; language?: string }): Promise<BatchSummary> {
  const batch = await world.client.documents.batchOcr({ ...input, backend: 'tesseract' });
  return batch.result({ timeoutMs: 120_000 });
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const target = path.join(folder, name);
  await writeFile(target, content);
  return target;
}

const ZERO_PAGES =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';

describe('bad input', () => {
  it('each bad file fails alone, with a failure that says what to do, and its good neighbour is read', async () => {
    const [good = ''] = await world.fill('16-receipt.png', 1);
    const secret = path.join(world.inbox, '..', 'outside.txt');
    await writeFile(secret, 'not for everybody');
    await symlink(secret, path.join(folder, 'link.png'));
    const wide = await sharp({ create: { width: 60_000, height: 2_000, channels: 3, background: 'white' } })
      .png()
      .toBuffer();
    const bomb = await sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: 'white' } })
      .png()
      .toBuffer();
    const expected: [string, FailureType][] = [
      [await file('empty.pdf', ''), 'EmptyFile'],
      [
        await file(
          'truncated.png',
          (
            await sharp({ create: { width: 300, height: 300, channels: 3, background: 'red' } })
              .png()
              .toBuffer()
          ).subarray(0, 60),
        ),
        'CorruptDocument',
      ],
      [await file('zero-pages.pdf', ZERO_PAGES), 'CorruptDocument'],
      [await file('misnamed.pdf', 'just some words'), 'UnsupportedMedia'],
      [await file('archive.png', Buffer.from('504b0304140000000800', 'hex')), 'UnsupportedMedia'],
      [await file('wide.png', wide), 'DocumentTooLarge'],
      [await file('bomb.png', bomb), 'DocumentTooLarge'],
      [path.join(folder, 'gone.png'), 'FileMissing'],
      [secret, 'PathNotAllowed'],
      ['/etc/passwd', 'PathNotAllowed'],
      [path.join(folder, '..', '..', '..', 'etc'), 'PathNotAllowed'],
      [path.join(folder, 'link.png'), 'PathNotAllowed'],
    ];
    const summary = await read({ paths: [...expected.map(([name]) => name), good] });
    const found = summary.outcomes?.map(({ name, failure, status }) => [name, failure?.type ?? status]);
    expect(found).toEqual([
      ...expected.map(([name, type]) => [path.basename(name), type]),
      [path.basename(good), 'completed'],
    ]);
    for (const { failure } of summary.outcomes ?? []) {
      if (failure === null) continue;
      expect(['permanent', 'poison']).toContain(failure.class);
      expect(failure.message).not.toContain('everybody');
      expect(failure.message.length).toBeGreaterThan(20);
    }
  });

  it('unknown ids are missing, repeated ones are said to be repeated, the rest is read', async () => {
    const [good = ''] = await world.fill('16-receipt.png', 1);
    const id = randomUUID();
    await createDocumentStore(world.database).add([{ id, name: 'receipt', source: { kind: 'path', path: good } }]);
    const summary = await read({ documentIds: [id, randomUUID(), 'no-uuid', id] });
    expect(summary).toMatchObject({ total: 4, saved: 1, failed: 1, missing: 2 });
    expect(summary.outcomes?.map(({ status, failure }) => failure?.type ?? status)).toEqual([
      'completed',
      'DocumentNotFound',
      'DocumentNotFound',
      'DuplicateDocument',
    ]);
  });

  it('a language without data is a failure of the installation that names what there is', async () => {
    const paths = await world.fill('16-receipt.png', 1);
    const summary = await read({ paths, language: 'xyz' });
    expect(summary.outcomes?.[0]?.failure).toMatchObject({ type: 'LanguageDataMissing', class: 'configuration' });
    expect(summary.outcomes?.[0]?.failure?.message).toMatch(/languages installed: .*\beng\b.*; got 'xyz'/);
  });

  it('a file that is deleted between preparation and reading is missing, the others are read', async () => {
    const paths = await world.fill('16-receipt.png', 12);
    const batch = await world.client.documents.batchOcr({ paths, backend: 'tesseract', window: 1 });
    for (let phase = ''; phase !== 'reading';) phase = (await batch.progress().catch(() => ({ phase: '' }))).phase;
    await rm(paths[11] ?? '');
    const summary = await batch.result();
    expect(summary).toMatchObject({ saved: 11, failed: 1 });
    expect(summary.outcomes?.[11]?.failure?.type).toBe('FileMissing');
  });

  it('an empty batch, a wrong field and two sources are refused with the name of the field', async () => {
    await expect(read({ paths: [] })).rejects.toMatchObject({ type: 'EmptyBatch' });
    await expect(read({ paths: ['a'], documentIds: ['b'] })).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(read({ paths: ['a'], language: '../eng' })).rejects.toMatchObject({
      message: expect.stringContaining('language') as string,
    });
  });

  it('cancel stops within seconds, keeps what is done, and resume reads the rest only', async () => {
    const paths = await world.fill('16-receipt.png', 30);
    const batch = await world.client.documents.batchOcr({ paths, backend: 'tesseract', window: 4 });
    for (let completed = 0; completed < 3;)
      completed = (await batch.progress().catch(() => ({ completed: 0 }))).completed;
    const asked = Date.now();
    await batch.cancel();
    await batch.result().catch(() => undefined);
    expect(Date.now() - asked).toBeLessThan(10_000);
    const pages = () =>
      world.database.query<{ n: number }>(
        'select count(*)::int as n from document_pages p join batch_items i using (document_id) where i.batch_id = $1',
        [batch.id],
      );
    const kept = (await pages()).rows[0]?.n ?? 0;
    expect(kept).toBeGreaterThanOrEqual(3);
    expect(kept).toBeLessThan(30);
    const { rows } = await world.database.query(
      "select 1 from documents d join batch_items i on d.id = i.document_id where i.batch_id = $1 and d.status = 'processing'",
      [batch.id],
    );
    expect(rows).toEqual([]);
    const resumed = await world.client.documents.resumeBatch(batch.id);
    expect(await resumed.result()).toMatchObject({ total: 30, saved: 30, pending: 0 });
    expect((await pages()).rows[0]?.n).toBe(30);
  });
});
