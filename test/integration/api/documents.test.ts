import { PDFiumLibrary } from '@hyzyla/pdfium';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { documentId, testApi } from '../../support/fakes/api.ts';
import { reading } from '../../support/fakes/documents.ts';

describe('looking at documents', () => {
  test('lists page by page', async () => {
    const api = testApi();
    for (const n of [1, 2, 3]) api.documents.putCompleted(documentId(n), [reading(0)]);
    const first = await request(api.app).get('/v1/documents?limit=2&status=completed');
    expect(first.body).toMatchObject({ items: [{ id: documentId(1) }, { id: documentId(2) }] });
    const { nextCursor } = first.body as { nextCursor: string };
    const second = await request(api.app).get(`/v1/documents?status=completed&limit=5&cursor=${nextCursor}`);
    expect(second.body).toMatchObject({ nextCursor: null, items: [{ id: documentId(3) }] });
  });

  test('finds by words of the text', async () => {
    const api = testApi();
    api.documents.putCompleted(documentId(1), [reading(0, 'Rechnung 17')]);
    api.documents.putCompleted(documentId(2), [reading(0, 'Invoice 18')]);
    const found = await request(api.app).get('/v1/documents').query({ search: 'Invoice' });
    expect(found.body).toMatchObject({ items: [{ id: documentId(2) }] });
  });

  test('gives the pages, with their words on request', async () => {
    const api = testApi();
    api.documents.putCompleted(documentId(1), [reading(0, 'two words')]);
    const bare = await request(api.app).get(`/v1/documents/${documentId(1)}/pages`);
    const full = await request(api.app).get(`/v1/documents/${documentId(1)}/pages?words=true`);
    expect(bare.body).toMatchObject({ items: [{ page: 0, engine: 'tesseract' }] });
    expect(bare.text).not.toContain('"words"');
    expect(full.body).toMatchObject({ items: [{ words: [{ text: 'two' }, { text: 'words' }] }] });
  });
});

describe('the result of a document', () => {
  test('comes as JSON and as text', async () => {
    const api = testApi();
    api.documents.putCompleted(documentId(1), [reading(0, '<b>Hello</b> world')]);
    const json = await request(api.app).get(`/v1/documents/${documentId(1)}/result`);
    expect(json.body).toMatchObject({
      document_id: documentId(1),
      text: '<b>Hello</b> world',
      confidence: 0.9,
      pages: [{ page: 0 }],
    });
    const text = await request(api.app).get(`/v1/documents/${documentId(1)}/result?format=text`);
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text.headers['x-content-type-options']).toBe('nosniff');
    expect(text.text).toBe('<b>Hello</b> world');
  });

  test('comes as a PDF whose text can be found, in any script, page by page', async () => {
    const api = testApi();
    api.documents.putCompleted(documentId(1), [reading(0, 'Grüße 東京 Ελλάς 🙂'), reading(1, 'second page')], {
      name: 'scan "x".png',
    });
    const response = await request(api.app)
      .get(`/v1/documents/${documentId(1)}/result?format=pdf`)
      .buffer(true)
      .parse(binary);
    expect(response.status).toBe(200);
    expect(response.headers['content-disposition']).toContain('attachment');
    expect(response.headers['perennial-pages']).toBe('drawn');
    expect(api.painted).toEqual([0, 1]);
    expect(await pagesOf(response.body as Buffer)).toEqual(['Grüße 東京 Ελλάς 🙂', 'second page']);
  });

  test.each([
    [0, 'original'],
    [2, 'original; signatures=invalid'],
  ])('as a copy of a PDF with %d signatures says what they are worth in it: %s', async (signatures, said) => {
    const api = testApi();
    api.documents.putCompleted(documentId(1), [reading(0, 'a page')], { name: 'contract.pdf' });
    api.stored.signatures = signatures;
    const response = await request(api.app)
      .get(`/v1/documents/${documentId(1)}/result?format=pdf`)
      .buffer(true)
      .parse(binary);
    expect(response.headers['perennial-pages']).toBe(said);
    expect(String(response.body)).toBe('%PDF copy');
  });

  test('is refused for a document that has not been read, with its state', async () => {
    const api = testApi();
    await api.documents.add([{ id: documentId(1), name: 'a', source: { kind: 'path', path: '/a' } }]);
    const response = await request(api.app).get(`/v1/documents/${documentId(1)}/result?format=pdf`);
    expect(response.status).toBe(409);
    expect(response.body).toMatchObject({
      type: 'urn:perennial:failure:DocumentNotRead',
      detail: expect.stringContaining('pending') as string,
    });
  });
});

describe('reading documents', () => {
  test('OCR-2: starts a job for one document', async () => {
    const api = testApi();
    await api.documents.add([{ id: documentId(1), name: 'a', source: { kind: 'path', path: '/a' } }]);
    const response = await request(api.app)
      .post(`/v1/documents/${documentId(1)}/ocr`)
      .send({ backend: 'tesseract' });
    expect(response.status).toBe(202);
    expect(response.body).toEqual({
      status: 'queued',
      document_id: documentId(1),
      task_id: `document-ocr-${documentId(1)}`,
    });
    expect(api.client.asked).toEqual([['process', documentId(1), { backend: 'tesseract' }]]);
  });

  test('OCR-4: queues many documents and answers with a task for each', async () => {
    const api = testApi();
    await api.documents.add(
      [1, 2].map((n) => ({ id: documentId(n), name: 'a', source: { kind: 'path' as const, path: '/a' } })),
    );
    const response = await request(api.app)
      .post('/v1/documents/ocr')
      .send({ documentIds: [documentId(1), documentId(2)], backend: 'deepseek' });
    expect(response.status).toBe(202);
    expect(response.body).toEqual({
      status: 'queued',
      total_documents: 2,
      tasks: [1, 2].map((n) => ({ document_id: documentId(n), task_id: `document-ocr-${documentId(n)}` })),
    });
  });

  test('starts nothing when one of many documents does not exist', async () => {
    const api = testApi();
    await api.documents.add([{ id: documentId(1), name: 'a', source: { kind: 'path', path: '/a' } }]);
    const response = await request(api.app)
      .post('/v1/documents/ocr')
      .send({ documentIds: [documentId(1), documentId(9)] });
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({
      failure: { type: 'DocumentNotFound' },
      detail: expect.stringContaining(documentId(9)) as string,
    });
    expect(api.client.asked).toEqual([]);
  });
});

describe('invoices', () => {
  test('OCR-5: extraction waits for the result', async () => {
    const api = testApi();
    api.documents.putCompleted(documentId(1), [reading(0)]);
    api.client.jobResult = () =>
      Promise.resolve({ status: 'success', document_id: documentId(1), entities: { lines: [] } });
    const response = await request(api.app).post(`/v1/documents/${documentId(1)}/invoice`);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ status: 'success', document_id: documentId(1), entities: { lines: [] } });
  });

  test('answers at once when asked to', async () => {
    const api = testApi();
    api.documents.putCompleted(documentId(1), [reading(0)]);
    const response = await request(api.app)
      .post(`/v1/documents/${documentId(1)}/invoice`)
      .set('Prefer', 'respond-async');
    expect(response.status).toBe(202);
    expect(response.body).toMatchObject({ status: 'queued', task_id: `invoice-${documentId(1)}` });
  });

  test('OCR-5: a document that has not been read is refused', async () => {
    const api = testApi();
    await api.documents.add([{ id: documentId(1), name: 'a', source: { kind: 'path', path: '/a' } }]);
    const response = await request(api.app).post(`/v1/documents/${documentId(1)}/invoice`);
    expect(response.status).toBe(409);
    expect(api.client.asked).toEqual([]);
  });

  test('gives what was extracted before', async () => {
    const api = testApi();
    api.documents.putCompleted(documentId(1), [reading(0)]);
    expect((await request(api.app).get(`/v1/documents/${documentId(1)}/invoice`)).status).toBe(409);
    await api.documents.saveInvoice(documentId(1), { lines: [], total: { value: '12.50', confidence: 0.8, page: 0 } });
    const response = await request(api.app).get(`/v1/documents/${documentId(1)}/invoice`);
    expect(response.body).toMatchObject({ status: 'success', entities: { total: { value: '12.50' } } });
  });
});

function binary(response: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream; // what supertest hands to a parser is the raw response
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}

/** What a viewer finds on each page. */
async function pagesOf(pdf: Buffer): Promise<string[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(pdf);
  const pages = [...document.pages()].map((page) => page.getText().trim());
  document.destroy();
  library.destroy();
  return pages;
}
