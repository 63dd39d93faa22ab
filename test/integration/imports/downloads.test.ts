import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { importWorld, type ImportWorld } from '../../support/imports.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';

let database: TestDatabase;
let world: ImportWorld;
let server: Server;
let base: string;
let requests: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end();

beforeAll(async () => {
  database = await testDatabase();
  world = await importWorld(database.db, { partBytes: 4_000, silenceMs: 500, maxFileBytes: 200_000 });
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  base = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await world.close();
  await database.drop();
});
beforeEach(() => {
  requests = [];
});

const LIST = Buffer.from(`id,email\n${Array.from({ length: 500 }, (_, n) => `d${n},d${n}@example.com\n`).join('')}`);
const fetchUsers = (path = '/list.csv') => world.importAll({ source: { url: base + path }, schema: 'users' });

describe('IMPORT-2 a download', () => {
  it('is stored in the shared store, imported, and removed', async () => {
    answer = (_request, response) => response.setHeader('content-length', LIST.length).end(LIST);
    expect(await fetchUsers()).toMatchObject({ read: 500, saved: 500 });
    expect(await world.leftovers()).toEqual([]);
  });

  it('goes on where it stopped, on any worker, and asks only for the same version of the file', async () => {
    const id = { importId: 'import-resume', runId: randomUUID() };
    const input = { source: { url: `${base}/list.csv` }, schema: 'users' };
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': LIST.length, etag: '"v1"' });
      response.write(LIST.subarray(0, 9_000), () => setTimeout(() => response.destroy(), 50));
    };
    await expect(world.run('download', { ...id, input })).rejects.toMatchObject({
      type: 'DownloadIncomplete',
      nonRetryable: false,
    });
    answer = (request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
      response.writeHead(206, { 'content-length': LIST.length - from, etag: '"v1"' }).end(LIST.subarray(from));
    };
    const other = await importWorld(database.db, { partBytes: 4_000 });
    expect(await world.run('download', { ...id, input })).toMatchObject({ size: LIST.length });
    expect(requests[1]?.headers).toMatchObject({ 'if-range': '"v1"' });
    expect(Number(/\d+/.exec(requests[1]?.headers.range ?? '')?.[0])).toBeGreaterThanOrEqual(8_000);
    await other.close();
    await world.run('cleanup', id);
  });

  it('begins anew when the file has changed meanwhile', async () => {
    const id = { importId: 'import-changed', runId: randomUUID() };
    const input = { source: { url: `${base}/list.csv` }, schema: 'users' };
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': LIST.length, etag: '"v1"' });
      response.write(LIST.subarray(0, 9_000), () => setTimeout(() => response.destroy(), 50));
    };
    await expect(world.run('download', { ...id, input })).rejects.toMatchObject({ type: 'DownloadIncomplete' });
    const changed = Buffer.from('id,email\nnew,new@example.com\n');
    answer = (_request, response) =>
      response.writeHead(200, { 'content-length': changed.length, etag: '"v2"' }).end(changed);
    expect(await world.run('download', { ...id, input })).toMatchObject({ size: changed.length });
    await world.run('cleanup', id);
  });

  it('follows redirects within a limit, and never in circles', async () => {
    answer = (request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end();
      else response.end(LIST);
    };
    expect(await fetchUsers('/a')).toMatchObject({ read: 500 });
    await expect(fetchUsers('/loop')).rejects.toMatchObject({
      type: 'DownloadRefused',
      message: expect.stringContaining('more than 5 redirects') as string,
    });
    expect(requests.length).toBeLessThan(12);
  });

  it.each([
    [404, 'DownloadRefused', true],
    [403, 'DownloadRefused', true],
    [500, 'BackendFailed', false],
    [429, 'BackendThrottled', false],
  ] as const)('tells HTTP %i apart (%s)', async (status, type, nonRetryable) => {
    answer = (_request, response) => response.writeHead(status, { 'retry-after': '7' }).end('no');
    await expect(fetchUsers()).rejects.toMatchObject({
      type,
      nonRetryable,
      ...(status === 429 ? { nextRetryDelay: 7_000 } : {}),
    });
    expect(await world.leftovers()).toEqual([]);
  });

  it('TIME-7 notices an answer that is shorter than it said, and a server that falls silent, by default for 30 s', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': LIST.length });
      response.write(LIST.subarray(0, 100), () => setTimeout(() => response.destroy(), 20));
    };
    await expect(fetchUsers()).rejects.toMatchObject({ type: 'DownloadIncomplete' });
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': LIST.length });
      response.write(LIST.subarray(0, 100));
    };
    await expect(fetchUsers()).rejects.toMatchObject({
      type: 'DownloadIncomplete',
      message: expect.stringContaining('silence') as string,
    });
    answer = () => undefined;
    await expect(fetchUsers()).rejects.toMatchObject({ type: 'DownloadIncomplete' });
    expect(loadConfig({}).imports.silenceMs).toBe(30_000);
  });

  it('refuses what is too large, announced or not, and what is packed', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-length': 300_000 }).end(Buffer.alloc(300_000));
    await expect(fetchUsers()).rejects.toMatchObject({ type: 'ImportTooLarge', nonRetryable: true });
    answer = (_request, response) => response.end(Buffer.alloc(300_000));
    await expect(fetchUsers()).rejects.toMatchObject({ type: 'ImportTooLarge' });
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    await expect(fetchUsers()).rejects.toMatchObject({ type: 'DownloadRefused' });
    expect(await world.leftovers()).toEqual([]);
  });
});

describe('SEC-4 private networks', () => {
  it('are out of reach: this machine, the metadata address, and a redirect to either', async () => {
    const guarded = await importWorld(database.db, { allowPrivate: false, allowedHosts: [new URL(base).host] });
    const from = (url: string) => guarded.importAll({ source: { url }, schema: 'users' });
    const refused = { type: 'AddressNotAllowed', nonRetryable: true };
    await expect(from('http://169.254.169.254/latest/meta-data/')).rejects.toMatchObject(refused);
    await expect(from('http://localhost:9/list.csv')).rejects.toMatchObject(refused);
    answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end();
    await expect(from(`${base}/redirect`)).rejects.toMatchObject(refused);
    answer = (_request, response) =>
      response.writeHead(302, { location: `http://localhost:${new URL(base).port}/list.csv` }).end();
    await expect(from(`${base}/redirect`)).rejects.toMatchObject(refused);
    answer = (_request, response) => response.end(LIST);
    expect(await from(`${base}/list.csv`)).toMatchObject({ read: 500 });
    await guarded.close();
  });
});

describe('lists of documents', () => {
  it('become documents, by path and by address; an address that gives nothing is a reject', async () => {
    answer = (request, response) => {
      if (request.url === '/scan.pdf') response.end('%PDF-1.7 a page');
      else response.writeHead(404).end();
    };
    const list = `path,url,user\n/inbox/a.pdf,,ann\n,${base}/scan.pdf,bob\n,${base}/gone.pdf,bob\n,,\nboth,${base}/x,\n/inbox/a.pdf,,ann\n`;
    const runId = randomUUID();
    const result = await world.importAll({ source: await world.upload(list), schema: 'documents' }, runId);
    expect(result).toMatchObject({ read: 6, saved: 2, rejected: 3, skipped: 1 });
    const { rows } = await database.db.query(
      'select name, file_path, blob is not null as stored, user_id, status from documents where import_run = $1 order by import_line',
      [runId],
    );
    expect(rows).toEqual([
      { name: 'a.pdf', file_path: '/inbox/a.pdf', stored: false, user_id: 'ann', status: 'pending' },
      { name: 'scan.pdf', file_path: null, stored: true, user_id: 'bob', status: 'pending' },
    ]);
    const listed = await world.run<{ documents: number }>('listDocuments', { importId: `import-${runId}`, runId });
    expect(listed).toMatchObject({ documents: 2, manifest: { key: expect.stringContaining('manifests/') as string } });
  });
});
