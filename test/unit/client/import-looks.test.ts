/** What was imported, as callers of the client look at it. */
import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createImportLooks } from '../../../client/imports/looks.ts';
import { NotFound } from '../../../client/index.ts';
import type { ImportFilter } from '../../../contracts/imports/view.schema.ts';
import { fakeImports, importView } from '../../support/fakes/imports.ts';

function imports() {
  const jobs = fakeImports(() => undefined);
  for (const id of ['import-monday', 'import-tuesday', 'import-friday']) jobs.memory.views.set(id, importView({ id }));
  const rows = ['a', 'b', 'c', 'd', 'e'].map((key, n) => ({
    line: n + 2,
    key,
    values: { email: `${key}@example.com` },
  }));
  jobs.memory.saved.set('import-monday', rows);
  return jobs;
}

async function textOf(content: Readable): Promise<string> {
  let text = '';
  for await (const part of content) text += String(part);
  return text;
}

describe('looking at imports with the client', () => {
  it('IMPORT-3 lists them by the filters of the API, up to a limit, and says where the next page begins', async () => {
    const { list, memory } = imports();
    const filter: ImportFilter = {
      status: 'finished',
      schema: 'users',
      source: 'example',
      since: '2026-01-01T01:00:00+01:00',
    };
    const page = await list({ ...filter, after: 'import-sunday' }, { limit: 2 });
    expect(page.imports.map(({ id }) => id)).toEqual(['import-monday', 'import-tuesday']);
    expect(page.next).toBe('import-tuesday');
    await list();
    expect(memory.lists).toEqual([
      [{ ...filter, since: '2026-01-01T00:00:00.000Z', after: 'import-sunday' }, 2],
      [{}, 100],
    ]);
  });

  it('IMPORT-3 shows one, and gives its rows page by page, by the name that the caller gave it', async () => {
    const { rows, view } = imports();
    expect(await view('monday')).toMatchObject({ id: 'import-monday', status: 'finished', saved: 2 });
    const first = await rows('monday', { limit: 3 });
    expect([first.rows.map(({ key }) => key), first.next]).toEqual([['a', 'b', 'c'], 'c']);
    const second = await rows('import-monday', { limit: 3, after: first.next ?? '' });
    expect([second.rows.map(({ key }) => key), second.next]).toEqual([['d', 'e'], null]);
  });

  it('IMPORT-3 exports the rows, as CSV unless asked otherwise', async () => {
    const jobs = imports();
    expect(await textOf(await jobs.export('monday'))).toBe('csv of 5\n');
    expect(await textOf(await jobs.export('monday', { format: 'jsonl' }))).toBe('jsonl of 5\n');
  });

  it('refuses what it does not know, and what nobody imported', async () => {
    const jobs = imports();
    const wrong: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['filter.status', () => jobs.list({ status: 'done' as 'finished' })],
      ['filter', () => jobs.list({ state: 'finished' } as ImportFilter)],
      ['limit', () => jobs.list({}, { limit: 501 })],
      ['limit', () => jobs.rows('monday', { limit: 0 })],
      ['after', () => jobs.rows('monday', { after: '' })],
      ['format', () => jobs.export('monday', { format: 'xml' as 'csv' })],
    ];
    for (const [field, look] of wrong)
      await expect(look(), field).rejects.toMatchObject({
        type: 'InvalidInput',
        message: expect.stringContaining(field) as string,
      });
    for (const look of [jobs.view, jobs.rows, jobs.export])
      await expect(look('nobody')).rejects.toBeInstanceOf(NotFound);
  });

  it('says what to pass where the client has no database', async () => {
    const jobs = imports();
    const { list, view } = createImportLooks(undefined, jobs.get);
    await expect(list()).rejects.toThrow('importRecords');
    await expect(view('monday')).rejects.toThrow('importRecords');
  });
});
