import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFileBlobStore } from '../../../services/blobs/filesystem.ts';
import type { DocumentSource } from '../../../services/documents/port.ts';
import { documentId, testApi } from '../../support/fakes/api.ts';

let folder = '';
let roots = '';
let secret = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-originals-'));
  roots = path.join(folder, 'roots');
  secret = path.join(folder, 'secret.pdf');
  mkdirSync(roots);
  writeFileSync(secret, '%PDF-1.7 secret');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Asks for the file of a document that has this name and source. */
async function original(name: string, source: DocumentSource, id = documentId(1)): Promise<Response> {
  const api = testApi();
  api.stored.folder = roots;
  await api.documents.add([{ id: documentId(1), name, source }]);
  return request(api.app).get(`/v1/documents/${id}/original`).buffer(true).parse(bytes);
}

function bytes(response: Response, done: (error: Error | null, body: Buffer) => void): void {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.on('end', () => {
    done(null, Buffer.concat(parts));
  });
}

function file(name: string, content: string | Buffer): DocumentSource {
  writeFileSync(path.join(roots, name), content);
  return { kind: 'path', path: path.join(roots, name) };
}

function problem(response: Response): unknown {
  return JSON.parse((response.body as Buffer).toString('utf8'));
}

describe('the file of a document', () => {
  test.each([
    ['scan.pdf', Buffer.from('%PDF-1.7\nbody\n%%EOF'), 'application/pdf'],
    ['a picture.bin', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255]), 'image/png'],
    ['page.html', Buffer.from('<script>alert(1)</script>'), 'application/octet-stream'],
    ['drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'application/octet-stream'],
    ['nothing.png', Buffer.alloc(0), 'application/octet-stream'],
    ['large.pdf', Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(700_000, 7)]), 'application/pdf'],
  ])('%s comes byte for byte, with the type of its content', async (name, content, mediaType) => {
    const response = await original(name, file(name, content));
    expect(response.status).toBe(200);
    expect((response.body as Buffer).equals(content)).toBe(true);
    expect(response.headers).toMatchObject({
      'content-type': mediaType,
      'content-length': String(content.length),
      'content-disposition': expect.stringMatching(/^attachment; filename=/) as string,
      'x-content-type-options': 'nosniff',
    });
  });

  test('comes from the blob store too', async () => {
    const ref = await createFileBlobStore({ root: roots }).put('documents', Buffer.from('%PDF-1.7 a blob'));
    const response = await original('upload.pdf', { kind: 'blob', ref });
    expect(response.body).toEqual(Buffer.from('%PDF-1.7 a blob'));
    expect(response.type).toBe('application/pdf');
  });

  test.each([
    [
      'a "b"\r\nset-cookie: x=1.pdf',
      'attachment; filename="a \\"b\\"??set-cookie: x=1.pdf"; filename*=UTF-8\'\'a%20%22b%22%0D%0Aset-cookie%3A%20x%3D1.pdf',
    ],
    ['../../etc/passwd', 'attachment; filename=passwd'],
    [
      'Größe 東京.pdf',
      'attachment; filename="Gr??e ??.pdf"; filename*=UTF-8\'\'Gr%C3%B6%C3%9Fe%20%E6%9D%B1%E4%BA%AC.pdf',
    ],
  ])('is named safely: %j', async (name, disposition) => {
    const response = await original(name, file('safe.pdf', '%PDF-1.7'));
    expect(response.headers['content-disposition']).toBe(disposition);
    expect(response.headers['set-cookie']).toBeUndefined();
  });

  test('of an unknown document is not there', async () => {
    const response = await original('a.pdf', file('a.pdf', '%PDF-1.7'), documentId(2));
    expect(response.status).toBe(404);
    expect(problem(response)).toMatchObject({ failure: { type: 'DocumentNotFound' } });
  });

  test.each<[string, number, string, () => DocumentSource]>([
    ['is gone', 409, 'FileMissing', () => ({ kind: 'path', path: path.join(roots, 'gone.pdf') })],
    ['has become a folder', 409, 'FileMissing', () => ({ kind: 'path', path: roots })],
    ['lies outside of the roots', 403, 'PathNotAllowed', () => ({ kind: 'path', path: secret })],
    ['is a way out of the roots', 403, 'PathNotAllowed', () => ({ kind: 'path', path: `${roots}/../secret.pdf` })],
    [
      'has become a link out of the roots',
      403,
      'PathNotAllowed',
      () => {
        symlinkSync(secret, path.join(roots, 'link.pdf'));
        return { kind: 'path', path: path.join(roots, 'link.pdf') };
      },
    ],
  ])('that %s is a clear failure: %d %s', async (_what, status, type, source) => {
    const response = await original('a.pdf', source());
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(problem(response)).toMatchObject({ failure: { type } });
    expect(String(response.body)).not.toContain('%PDF');
  });

  test('that the blob store has lost is a clear failure', async () => {
    const store = createFileBlobStore({ root: roots });
    const ref = await store.put('documents', Buffer.from('%PDF-1.7 lost'));
    await store.remove(ref);
    const response = await original('lost.pdf', { kind: 'blob', ref });
    expect(response.status).toBe(500);
    expect(problem(response)).toMatchObject({ failure: { type: 'BlobCorrupt' } });
  });
});
