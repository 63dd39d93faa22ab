import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { PerennialError } from '../../../contracts/failures.ts';
import { createBlobStore } from '../../../services/blobs/open.ts';
import { refuseWrites } from '../../../stack/chaos/disk.ts';
import { testApi } from '../../support/fakes/api.ts';

interface Uploaded {
  readonly documents: readonly { readonly id: string; readonly name: string; readonly status: string }[];
}
const body = (response: request.Response): Uploaded => response.body as Uploaded;

describe('uploading documents', () => {
  test('makes one pending document of each file, in the order of the files', async () => {
    const api = testApi();
    const response = await request(api.app)
      .post('/v1/documents')
      .attach('files', Buffer.from('one'), 'a.png')
      .attach('files', Buffer.from('two'), 'b.pdf');
    expect(response.status).toBe(201);
    expect(body(response).documents.map(({ name, status }) => [name, status])).toEqual([
      ['a.png', 'pending'],
      ['b.pdf', 'pending'],
    ]);
    expect([...api.blobs.contents.values()].map(String)).toEqual(['one', 'two']);
  });

  test('tells where a single document is', async () => {
    const response = await request(testApi().app).post('/v1/documents').attach('files', Buffer.from('one'), 'a.png');
    expect(response.headers['location']).toBe(`/v1/documents/${body(response).documents[0]?.id ?? ''}`);
  });

  test('begins to read what was uploaded when asked to, and only then', async () => {
    const api = testApi();
    const upload = (query: string) =>
      request(api.app).post(`/v1/documents${query}`).attach('files', Buffer.from('one'), 'a.png');
    await upload('');
    expect(api.client.asked).toEqual([]);
    const response = await upload('?read=true');
    expect(response.status).toBe(201);
    expect(api.client.asked).toEqual([['processMany', [body(response).documents[0]?.id], undefined]]);
    expect((await upload('?read=maybe')).status).toBe(400);
  });

  test('is harmless when repeated with the same Idempotency-Key', async () => {
    const api = testApi();
    const upload = () =>
      request(api.app)
        .post('/v1/documents')
        .set('Idempotency-Key', 'monday')
        .attach('files', Buffer.from('one'), 'a.png')
        .attach('files', Buffer.from('two'), 'b.png');
    const [first, second] = [await upload(), await upload()];
    expect(second.status).toBe(201);
    expect(body(second).documents).toEqual(body(first).documents);
    expect(api.documents.rows.size).toBe(2);
  });

  test('refuses an Idempotency-Key that comes back with other contents', async () => {
    const api = testApi();
    const upload = (text: string) =>
      request(api.app)
        .post('/v1/documents')
        .set('Idempotency-Key', 'monday')
        .attach('files', Buffer.from(text), 'a.png');
    await upload('one');
    const second = await upload('two');
    expect(second.status).toBe(422);
    expect(second.type).toBe('application/problem+json');
    const { fingerprints } = second.body as { fingerprints: { first: string; second: string } };
    expect(fingerprints.first).toMatch(/^[0-9a-f]{32}$/);
    expect(fingerprints.second).not.toBe(fingerprints.first);
  });

  test('takes the bare name of a file, without folders and direction marks', async () => {
    const api = testApi();
    const response = await request(api.app)
      .post('/v1/documents')
      .attach('files', Buffer.from('x'), { filename: '..\\..\\evil\u202egnp.exe' });
    expect(body(response).documents[0]?.name).toBe('evilgnp.exe');
  });

  test('refuses a file above the limit, reads no further than that, and stores no document', async () => {
    const api = testApi({ uploadMaxBytes: 100_000 });
    const response = await request(api.app).post('/v1/documents').attach('files', Buffer.alloc(3_000_000), 'big.tiff');
    expect(response.status).toBe(413);
    expect(response.body).toMatchObject({
      type: 'urn:perennial:failure:DocumentTooLarge',
      failure: { class: 'permanent' },
      detail: expect.stringContaining('UPLOAD_MAX_MB') as string,
    });
    expect(api.documents.rows.size).toBe(0);
    expect(api.blobs.refusedAfter[0]).toBeLessThan(300_000);
  });

  test.each([
    ['nothing', (r: request.Test) => r.field('x', '1'), 400],
    [
      'too many files',
      (r: request.Test) =>
        r.attach('a', Buffer.from('1'), 'a').attach('b', Buffer.from('2'), 'b').attach('c', Buffer.from('3'), 'c'),
      413,
    ],
    ['JSON', (r: request.Test) => r.send({ file: 'x' }), 415],
    ['a multipart without boundary', (r: request.Test) => r.set('content-type', 'multipart/form-data').send('x'), 400],
    [
      'a multipart that ends early',
      (r: request.Test) =>
        r
          .set('content-type', 'multipart/form-data; boundary=x')
          .send('--x\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\nabc'),
      400,
    ],
  ])('refuses %s', async (_what, fill, status) => {
    const api = testApi({ uploadMaxFiles: 2 });
    const response = await fill(request(api.app).post('/v1/documents'));
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(api.documents.rows.size).toBe(0);
  });

  test('says what to do when the store is full', async () => {
    const api = testApi();
    api.blobs.failure = new PerennialError('StorageFull', 'no room');
    const response = await request(api.app).post('/v1/documents').attach('files', Buffer.from('one'), 'a.png');
    expect(response.status).toBe(507);
    expect(response.body).toMatchObject({
      failure: { type: 'StorageFull', class: 'transient', remedy: expect.stringContaining('Free space') as string },
    });
  });

  test('answers, and lives on, when the disk of the store takes no files in the middle of an upload', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'perennial-uploads-'));
    const disk = createBlobStore(pathToFileURL(root).href);
    const api = testApi({ uploadMaxBytes: 10_000_000 });
    api.blobs.put = (...given) => disk.put(...given);
    const upload = () => request(api.app).post('/v1/documents').attach('files', Buffer.alloc(3_000_000), 'a.tiff');
    const lifted = await refuseWrites(root);
    const refused = await upload();
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ failure: { type: 'StorageUnavailable', class: 'transient' } });
    await lifted();
    expect((await upload()).status).toBe(201);
    await rm(root, { recursive: true });
  });
});
