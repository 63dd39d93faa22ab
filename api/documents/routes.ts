/** Routes of documents: upload, list, read, and fetch what was read. */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { documentIdSchema, documentSchema } from '../../contracts/documents/schema.ts';
import type { ApiDomainWithPorts } from '../domain.ts';
import { documentComponents } from './components.ts';
import { findDocument, notRead, requireDocuments, viewDocument } from './lookups.ts';
import { answerOnce } from '../http/answer-once.ts';
import { digestOfKey } from '../http/idempotency.ts';
import { sendLongText } from '../http/long-text.ts';
import { sendPage } from '../http/paging.ts';
import { routesWith } from '../http/route.ts';
import { receiveFiles } from '../http/upload.ts';
import { openDocumentPorts, type DocumentPorts, type DocumentServices } from './ports.ts';
import { batchRoutes } from './batch-routes.ts';
import { invoiceRoutes } from './invoice-routes.ts';
import { sendOriginal } from './original.ts';
import { sendSearchablePdf } from './searchable.ts';
import {
  documentListSchema,
  documentParams,
  documentResultSchema,
  listQuery,
  manyBody,
  pagesQuery,
  pagesSchema,
  queuedManySchema,
  queuedSchema,
  readingBody,
  resultQuery,
  uploadedSchema,
  uploadQuery,
} from './schemas.ts';

const defineRoute = routesWith<DocumentServices>();

/** Takes files and makes a document of each. */
const uploadDocuments = defineRoute({
  name: 'uploadDocuments',
  method: 'post',
  path: '/v1/documents',
  summary:
    'Upload one or more files, and read them with ?read=true; with an Idempotency-Key a repeated upload makes no further documents',
  upload: true,
  query: uploadQuery,
  answers: { 201: { description: 'The documents, in the order of the files', schema: uploadedSchema } },
  errors: [413, 415, 422, 507],
  async handle({ services, query, request, response }) {
    const idOf = documentIds(digestOfKey(request));
    const maxBytes = services.settings.uploadMaxBytes;
    const limits = { maxFiles: services.settings.uploadMaxFiles ?? 100, maxBytes };
    const uploaded = await receiveFiles(request, limits, async ({ name, index, content }) => {
      const ref = await services.blobs.put('documents', content, {
        limit: { bytes: maxBytes, variable: 'UPLOAD_MAX_MB' },
      });
      return { id: idOf(index), name, source: { kind: 'blob' as const, ref } };
    });
    const content = uploaded.map(({ name, source }) => [name, source.ref]);
    await answerOnce({ services, request, response }, content, async () => {
      await services.documents.add(uploaded);
      if (query.read === 'true') await services.client.documents.processMany(uploaded.map(({ id }) => id));
      const documents = await Promise.all(uploaded.map(({ id }) => viewDocument(services, id)));
      if (documents[0] !== undefined && documents.length === 1) response.location(`/v1/documents/${documents[0].id}`);
      response.status(201).json({ documents });
    });
  },
});

/** Derives the ids of the files of an upload from its key, so that repeating the upload adds no documents. */
function documentIds(digest: string | undefined): (index: number) => string {
  if (digest === undefined) return () => randomUUID();
  return (index) => uuidFrom(`perennial-upload\n${digest}\n${index}`);
}

/** Derives a UUID of version 8 (RFC 9562, custom rule) from a text. */
function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** Lists documents, newest first, or finds those whose text holds some words. */
const listDocuments = defineRoute({
  name: 'listDocuments',
  method: 'get',
  path: '/v1/documents',
  summary: 'List documents, by status or by words of their text',
  query: listQuery,
  answers: { 200: { description: 'One page of the list', schema: documentListSchema } },
  async handle({ services, query, request, response }) {
    const { status, search, limit } = query;
    await sendPage({ request, response, query }, documentIdSchema, async (after) => {
      const { documents: items, next } = await services.documents.list({
        limit,
        ...(status === undefined ? {} : { status }),
        ...(search === undefined ? {} : { search }),
        ...(after === undefined ? {} : { after }),
      });
      return { items, next };
    });
  },
});

/** Starts one job for each of several documents. */
const readDocuments = defineRoute({
  name: 'readDocuments',
  method: 'post',
  path: '/v1/documents/ocr',
  summary: 'Read several documents, one job each; for large numbers start a batch instead',
  body: manyBody,
  answers: { 202: { description: 'Started', schema: queuedManySchema } },
  errors: [404],
  async handle({ services, body, response }) {
    await requireDocuments(services, body.documentIds);
    response.status(202).json(await services.client.documents.processMany(body.documentIds, body.backend));
  },
});

/** Shows one document. */
const getDocument = defineRoute({
  name: 'getDocument',
  method: 'get',
  path: '/v1/documents/:id',
  summary: 'One document: its status, pages, confidence, and why it failed if it did',
  params: documentParams,
  answers: { 200: { description: 'The document', schema: documentSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await viewDocument(services, params.id));
  },
});

/** Gives back the file that was uploaded or named. */
const getOriginal = defineRoute({
  name: 'downloadDocument',
  method: 'get',
  path: '/v1/documents/:id/original',
  summary: 'The file of a document, byte for byte as it was given',
  params: documentParams,
  answers: { 200: { description: 'The file, of the type that its content has', mediaType: '*/*' } },
  errors: [403, 404, 409],
  handle: ({ services, params, response, signal }) => sendOriginal(services, params.id, response, signal),
});

/** Gives what was read, in one of three forms. */
const getResult = defineRoute({
  name: 'getDocumentResult',
  method: 'get',
  path: '/v1/documents/:id/result',
  summary: 'What was read: as JSON, as plain text, or as a PDF in which the text can be searched and copied',
  params: documentParams,
  query: resultQuery,
  answers: {
    200: {
      description:
        'The result; `text/plain` and `application/pdf` for the other formats. The header `Perennial-Pages` of a PDF is `original` where its pages are those of the document with their links and forms, and `drawn` where they are pictures, with the failure that is the reason if there is one; `signatures=invalid` stands behind where digital signatures of the document do not count in it',
      schema: documentResultSchema,
    },
  },
  errors: [404, 409],
  async handle({ services, params, query, response, signal }) {
    const view = await viewDocument(services, params.id);
    if (view.status !== 'completed') throw notRead(view);
    if (query.format === 'pdf' || query.format === 'pdfa')
      return sendSearchablePdf(services, params.id, query.format, response, signal);
    const content = await services.documents.resultAs(params.id, query.format);
    if (content === undefined) throw notRead(await viewDocument(services, params.id));
    response.type(query.format === 'text' ? 'text/plain; charset=utf-8' : 'json');
    await sendLongText(response, content);
  },
});

/** Gives what is known of each page that has been read so far. */
const getPages = defineRoute({
  name: 'listDocumentPages',
  method: 'get',
  path: '/v1/documents/:id/pages',
  summary: 'Each page that has been read so far: text, confidence, engine, how it was turned, and its words on request',
  params: documentParams,
  query: pagesQuery,
  answers: { 200: { description: 'The pages, in order', schema: pagesSchema } },
  errors: [404],
  async handle({ services, params, query, request, response }) {
    await findDocument(services, params.id);
    const hasWords = query.words === 'true';
    await sendPage({ request, response, query }, z.int(), async (after = -1) => {
      const { items, next } = await services.documents.pagesAfter(params.id, {
        after,
        limit: query.limit,
        words: hasWords,
      });
      return { items: hasWords ? items : items.map(({ words: _words, ...page }) => page), next };
    });
  },
});

/** Starts the reading of one document. */
const readDocument = defineRoute({
  name: 'readDocument',
  method: 'post',
  path: '/v1/documents/:id/ocr',
  summary: 'Read one document; a second call while the first runs is the same job',
  params: documentParams,
  body: readingBody,
  answers: { 202: { description: 'Started', schema: queuedSchema } },
  errors: [404],
  async handle({ services, params, body, response }) {
    await findDocument(services, params.id);
    const job = await services.client.documents.process(params.id, body);
    response
      .status(202)
      .location(`/v1/documents/${params.id}`)
      .json({ status: 'queued', document_id: params.id, task_id: job.id });
  },
});

/** The routes of documents and batches. Fixed paths stand before paths with an id, because the first match answers. */
export const documents: ApiDomainWithPorts<DocumentPorts> = {
  tag: 'documents',
  components: documentComponents,
  openPorts: openDocumentPorts,
  routes: [
    uploadDocuments,
    listDocuments,
    readDocuments,
    getDocument,
    getOriginal,
    getResult,
    getPages,
    readDocument,
    ...invoiceRoutes,
    ...batchRoutes,
  ],
};
