import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../client/index.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import type { ImportView } from '../../../contracts/imports/view.schema.ts';
import { testApi, type TestApi } from '../../support/fakes/api.ts';
import { importView } from '../../support/fakes/imports.ts';

const url = 'https://example.com/users.csv';

function apiWith(facts: Partial<ImportView>): TestApi {
  const api = testApi();
  api.imports.views.set('import-monday', importView(facts));
  return api;
}

const idOf = (response: request.Response): string => (response.body as { id: string }).id;

describe('starting imports', () => {
  it('IMPORT-1 starts one from an address, with its options, and tells where to look', async () => {
    const api = testApi();
    const input = { source: { url }, schema: 'users', onConflict: 'skip', delimiter: ';' };
    const response = await request(api.app).post('/v1/imports').send(input);
    expect(response.status).toBe(202);
    expect(response.body).toEqual({ id: 'import-i1' });
    expect(response.headers['location']).toBe('/v1/imports/import-i1');
    expect(api.client.asked).toEqual([['import', input, { id: undefined }]]);
  });

  it('IDEM-4 the same Idempotency-Key is the same import, another key is another, and no key stands in an id', async () => {
    const api = testApi();
    const start = (key: string) =>
      request(api.app)
        .post('/v1/imports')
        .set('Idempotency-Key', key)
        .send({ source: { path: '/in/users.csv' } });
    const ids = [await start('a key/1'), await start('a key/1'), await start('a key/2')].map(idOf);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(ids[0]).toMatch(/^import-key-[0-9a-f]{32}$/);
  });

  it('IMPORT-6 an upload is stored where the import may remove it, never read into a payload', async () => {
    const api = testApi();
    const response = await request(api.app)
      .post('/v1/imports/upload?schema=documents&startOcr=true&dryRun=false')
      .attach('file', Buffer.from('path\n/in/a.png\n'), 'list.csv');
    expect(response.status).toBe(202);
    const blob = { store: 'file', key: expect.stringMatching(/^imports\/uploads\//) as string, size: 15 };
    expect(api.client.asked).toMatchObject([
      ['import', { source: { blob }, schema: 'documents', startOcr: true, dryRun: false }, {}],
    ]);
    expect(JSON.stringify(api.client.asked)).not.toContain('/in/a.png');
    expect([...api.blobs.contents.values()].map(String)).toEqual(['path\n/in/a.png\n']);
  });

  it('IMPORT-6 equal uploads are files of their own, and a repeated request is one file', async () => {
    const api = testApi();
    const send = (key?: string) => {
      const sent = request(api.app).post('/v1/imports/upload').attach('file', Buffer.from('id\n1\n'), 'a.csv');
      return key === undefined ? sent : sent.set('Idempotency-Key', key);
    };
    const keyed = [idOf(await send('one')), idOf(await send('one')), idOf(await send('two'))];
    expect(keyed[1]).toBe(keyed[0]);
    for (const _ of [1, 2]) expect((await send()).status).toBe(202);
    const files = api.client.asked.map(([, input]) => (input as { source: { blob: { key: string } } }).source.blob.key);
    expect(files).toHaveLength(4);
    expect(new Set(files).size).toBe(4);
  });

  it('IMPORT-3 an upload takes every option of reading as a start does', async () => {
    const api = testApi();
    const reading = { decimal: ',', dateFormat: 'DD.MM.YYYY', encoding: 'windows-1251', delimiter: ';' } as const;
    const input = { ...reading, headerRow: 3, map: { 'E-Mail': 'email', 'a=b': 'c' } };
    await request(api.app)
      .post('/v1/imports')
      .send({ source: { url }, ...input });
    await request(api.app)
      .post('/v1/imports/upload')
      .query({ ...reading, headerRow: '3', map: ['E-Mail=email', 'a=b=c'] })
      .attach('file', Buffer.from('x'), 'a.csv');
    expect(api.client.asked).toMatchObject([
      ['import', input, {}],
      ['import', input, {}],
    ]);
    for (const query of ['map=email', 'skipLines=some', 'encoding=klingon', 'dateFormat=DD', 'decimal=x']) {
      const response = await request(api.app)
        .post(`/v1/imports/upload?${query}`)
        .attach('file', Buffer.from('x'), 'a.csv');
      expect([query, response.status]).toEqual([query, 400]);
    }
    expect(api.client.asked).toHaveLength(2);
  });

  it.each([
    ['no source', {}, 'source'],
    ['two sources', { source: { url, path: '/a' } }, 'source'],
    ['an address of another kind', { source: { url: 'file:///etc/passwd' } }, 'source.url'],
    ['a blob of somebody else', { source: { blob: { store: 'file', key: 'mail/x', size: 1, sha256: 'x' } } }, 'source'],
    ['a delimiter of two characters', { source: { url }, delimiter: ';;' }, 'delimiter'],
    ['an unknown option', { source: { url }, colour: 'red' }, ''],
  ])('refuses %s before anything is started', async (_what, body, field) => {
    const api = testApi();
    const response = await request(api.app).post('/v1/imports').send(body);
    expect(response.status).toBe(400);
    expect(response.type).toBe('application/problem+json');
    const { errors } = response.body as { errors: readonly { field: string }[] };
    expect(errors.map((error) => error.field).join()).toContain(field);
    expect(api.client.asked).toEqual([]);
  });

  it('refuses an upload above the limit or without a file, and starts nothing', async () => {
    const api = testApi({ uploadMaxBytes: 1_000 });
    const large = await request(api.app).post('/v1/imports/upload').attach('file', Buffer.alloc(100_000), 'a.csv');
    expect(large.status).toBe(413);
    const none = await request(api.app).post('/v1/imports/upload').field('x', '1');
    expect(none.status).toBe(400);
    const wrong = await request(api.app)
      .post('/v1/imports/upload?dryRun=maybe')
      .attach('file', Buffer.from('x'), 'a.csv');
    expect(wrong.status).toBe(400);
    expect(api.client.asked).toEqual([]);
  });

  it('passes on what the client refuses', async () => {
    const api = testApi();
    api.client.imports.start = () =>
      Promise.reject(new PerennialError('ImportSchemaUnknown', 'schema: expected users'));
    const response = await request(api.app).post('/v1/imports').send({ source: { url } });
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ failure: { type: 'ImportSchemaUnknown', class: 'permanent' } });
  });
});

describe('looking at imports', () => {
  it('P3-18 an empty file and a failed one do not look like a success', async () => {
    const failure = { type: 'ImportColumns', class: 'permanent', message: 'line 1: expected a column id' } as const;
    const failed = await request(apiWith({ status: 'failed', failure }).app).get('/v1/imports/monday');
    expect(failed.status).toBe(200);
    expect(failed.body).toMatchObject({ status: 'failed', failure });
    const empty = await request(apiWith({ read: 0, saved: 0, rejected: 0 }).app).get('/v1/imports/import-monday');
    expect(empty.body).toMatchObject({ id: 'import-monday', read: 0, saved: 0 });
  });

  it('lists imports, and the schemas that records may have', async () => {
    const { app } = apiWith({});
    const list = await request(app).get('/v1/imports');
    expect(list.body).toEqual({ items: [importView()], nextCursor: null });
    const schemas = await request(app).get('/v1/imports/schemas');
    const known = Object.keys((schemas.body as { schemas: object }).schemas);
    expect(known).toEqual(expect.arrayContaining(['users', 'documents', 'invoices', 'records']));
  });

  it('shows one that was started and has no row yet as running', async () => {
    const api = testApi();
    await api.client.imports.start({ source: { url } }, { id: 'new' });
    const response = await request(api.app).get('/v1/imports/new');
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({
      id: 'import-new',
      status: 'running',
      read: 0,
      schema: 'records',
      source: url,
    });
    expect((response.body as ImportView).createdAt).toBe(api.client.imports.progress.startedAt);
  });

  it('hands the filters and the page of a list on, and refuses unknown ones', async () => {
    const { app, imports } = apiWith({});
    const query = {
      status: 'failed',
      schema: 'users',
      source: 'example',
      since: '2026-01-01',
      until: '2026-02-01T12:00',
    };
    expect(
      (
        await request(app)
          .get('/v1/imports')
          .query({ ...query, limit: '7' })
      ).status,
    ).toBe(200);
    expect(imports.lists).toEqual([
      [{ ...query, since: '2026-01-01T00:00:00.000Z', until: '2026-02-01T12:00:00.000Z' }, 7],
    ]);
    for (const wrong of ['status=lost', 'since=yesterday', 'since=2026-02-30', 'limit=0', 'limit=501', 'colour=red'])
      expect([wrong, (await request(app).get(`/v1/imports?${wrong}`)).status]).toEqual([wrong, 400]);
    expect(imports.lists).toHaveLength(1);
  });

  it('tells the progress, from the rows where no worker answers', async () => {
    const api = apiWith({ status: 'running', bytes: 100, doneBytes: 40 });
    await api.client.imports.start({ source: { url } }, { id: 'monday' });
    const live = await request(api.app).get('/v1/imports/monday/progress');
    expect(live.body).toEqual(api.client.imports.progress);
    const { get } = api.client.imports;
    api.client.imports.get = (id) => ({
      ...get(id),
      progress: () => Promise.reject(new Unavailable('no worker answers')),
    });
    const stored = await request(api.app).get('/v1/imports/monday/progress');
    expect(stored.status).toBe(200);
    expect(stored.body).toMatchObject({ phase: 'saving', bytes: 100, doneBytes: 40, read: 3, remainingMs: null });
  });

  it.each([
    '/v1/imports/nope',
    '/v1/imports/nope/progress',
    '/v1/imports/nope/rejects',
    '/v1/imports/nope/rows',
    '/v1/imports/nope/export',
  ])('does not know %s', async (path) => {
    const response = await request(testApi().app).get(path);
    expect(response.status).toBe(404);
    expect(response.type).toBe('application/problem+json');
  });
});

describe('rejects of an import', () => {
  it('IMPORT-4 come as a file of CSV, under a name of their own', async () => {
    const api = testApi();
    const rejects = await api.blobs.put('imports/rejects', Buffer.from('line,column,value,reason\n2,email,x,no\n'));
    api.imports.views.set('import-monday', importView({ rejects }));
    const response = await request(api.app).get('/v1/imports/monday/rejects');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['content-disposition']).toBe('attachment; filename=import-monday-rejects.csv');
    expect(response.text).toBe('line,column,value,reason\n2,email,x,no\n');
  });

  it('are none where nothing was rejected, and not known before the end', async () => {
    expect((await request(apiWith({}).app).get('/v1/imports/monday/rejects')).status).toBe(204);
    expect((await request(apiWith({ status: 'running' }).app).get('/v1/imports/monday/rejects')).status).toBe(409);
  });
});

describe('the rows of an import', () => {
  const row = (n: number) => ({ line: n + 2, key: `k${String(n)}`, values: { id: `k${String(n)}`, paid: null } });

  it('come page by page', async () => {
    const api = apiWith({});
    api.imports.saved.set('import-monday', [0, 1, 2].map(row));
    const first = await request(api.app).get('/v1/imports/monday/rows?limit=2');
    const { items, nextCursor } = first.body as { items: unknown; nextCursor: string };
    expect(items).toEqual([row(0), row(1)]);
    const second = await request(api.app).get(`/v1/imports/monday/rows?limit=2&cursor=${nextCursor}`);
    expect(second.body).toEqual({ items: [row(2)], nextCursor: null });
    expect((await request(api.app).get('/v1/imports/monday/rows?limit=0')).status).toBe(400);
  });

  it.each([
    ['', 'csv', 'text/csv; charset=utf-8'],
    ['?format=csv', 'csv', 'text/csv; charset=utf-8'],
    ['?format=jsonl', 'jsonl', 'application/jsonl; charset=utf-8'],
  ])('come as a file under a name of its own: %j', async (query, format, type) => {
    const api = apiWith({});
    api.imports.saved.set('import-monday', [row(0)]);
    const response = await request(api.app).get(`/v1/imports/monday/export${query}`).buffer(true).parse(asText);
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe(type);
    expect(response.headers['content-disposition']).toBe(`attachment; filename=import-monday.${format}`);
    expect(response.body).toBe(`${format} of 1\n`);
  });

  it('that cannot be read are a problem, not half a file; an unknown format is refused', async () => {
    const api = apiWith({});
    api.imports.export = () => Promise.reject(new PerennialError('DatabaseUnavailable', 'away'));
    const response = await request(api.app).get('/v1/imports/monday/export');
    expect([response.status, response.type]).toEqual([503, 'application/problem+json']);
    expect((await request(api.app).get('/v1/imports/monday/export?format=xlsx')).status).toBe(400);
  });
});

/** Collects a body of any media type as text. */
function asText(response: request.Response, done: (error: Error | null, body: unknown) => void): void {
  const parts: string[] = [];
  response.on('data', (part: Buffer | string) => parts.push(String(part)));
  response.on('end', () => done(null, parts.join('')));
}

describe('cancelling imports', () => {
  it('IMPORT-6 asks the import itself, which cleans up; an unknown one is not found', async () => {
    const api = testApi();
    await api.client.imports.start({ source: { url } }, { id: 'monday' });
    const response = await request(api.app).post('/v1/imports/monday/cancel');
    expect(response.status).toBe(202);
    expect(response.body).toEqual({ id: 'import-monday' });
    expect(api.client.asked).toContainEqual(['cancel', 'import-monday']);
    expect((await request(api.app).post('/v1/imports/nope/cancel')).status).toBe(404);
  });
});
