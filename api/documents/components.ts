/** Names and examples of the shapes of documents and batches in the OpenAPI document. */
import {
  backendSchema,
  batchOutcomeSchema,
  documentSchema,
  hintSchema,
  invoiceSchema,
  unreadSchema,
} from '../../contracts/documents/schema.ts';
import { component, type Components } from '../http/components.ts';
import {
  batchBody,
  batchSchema,
  documentResultSchema,
  invoiceResultSchema,
  manyBody,
  pageReadingSchema,
  progressSchema,
  queuedManySchema,
  queuedSchema,
  readingBody,
  uploadedSchema,
  wordSchema,
} from './schemas.ts';

const id = '0194c1f0-7b60-7000-8000-0000000000d0';
const instant = '2026-01-31T12:00:00.000Z';

const document = {
  id,
  name: 'invoice-17.pdf',
  status: 'completed',
  mediaType: 'application/pdf',
  pages: 2,
  confidence: 0.94,
  reading: 'read',
  unread: [],
  hints: [],
  engine: 'tesseract',
  fallbackReason: null,
  failure: null,
  createdAt: instant,
  startedAt: instant,
  completedAt: instant,
} as const;

const progress = {
  phase: 'reading',
  paused: false,
  total: 1_200,
  completed: 480,
  failed: 2,
  missing: 0,
  inFlight: 50,
  startedAt: instant,
  remainingMs: 90_000,
} as const;

const found = { confidence: 0.97, page: 0, box: [0.1, 0.2, 0.4, 0.22] as [number, number, number, number] };
const amount = { value: '119.00', ...found };
const entities = {
  issuer: { value: 'Example Ltd', ...found },
  number: { value: '2026-17', ...found },
  date: { value: '2026-01-31', ...found },
  currency: { value: 'EUR', ...found },
  total: amount,
  lines: [{ value: { description: 'Paper', quantity: '10', unitPrice: '10.00', amount: '100.00' }, ...found }],
};
const { taxes, lines } = invoiceSchema.shape;
const queued = { status: 'queued', document_id: id, task_id: `documentOcr-${id}` } as const;

export const documentComponents: Components = {
  Document: component(documentSchema, document),
  DocumentStatus: component(documentSchema.shape.status),
  DocumentReading: component(documentSchema.shape.reading.unwrap()),
  DocumentHint: component(hintSchema, { page: 0, text: 'The page is in Polish; add its language data.' }),
  UnreadPlace: component(unreadSchema, { page: 1, box: [0.1, 0.8, 0.9, 0.95], reason: 'Too faint' }),
  UploadedDocuments: component(uploadedSchema, { documents: [document] }),
  DocumentResult: component(documentResultSchema, {
    document_id: id,
    name: document.name,
    text: 'Invoice 2026-17',
    confidence: 0.94,
    state: 'read',
    unread: [],
    hints: [],
    pages: [
      { page: 0, text: 'Invoice 2026-17', confidence: 0.94, engine: 'tesseract', state: 'read', language: 'eng' },
    ],
  }),
  PageReading: component(pageReadingSchema, {
    page: 0,
    text: 'Invoice 2026-17',
    confidence: 0.94,
    width: 2_480,
    height: 3_508,
    rotation: 0,
    skew: 0.2,
    state: 'read',
    origin: 'ocr',
    engine: 'tesseract',
    language: 'eng',
  }),
  PageWord: component(wordSchema, { text: 'Invoice', confidence: 0.97, box: [0.1, 0.1, 0.2, 0.12], line: 0 }),
  ReadingEngine: component(backendSchema),
  ReadingOptions: component(readingBody, { language: 'eng+deu', forceOcr: true }),
  ReadingOfMany: component(manyBody, { documentIds: [id] }),
  QueuedDocument: component(queuedSchema, queued),
  QueuedDocuments: component(queuedManySchema, {
    status: 'queued',
    total_documents: 1,
    tasks: [{ document_id: id, task_id: queued.task_id }],
  }),
  Invoice: component(invoiceResultSchema, { status: 'success', document_id: id, entities }),
  InvoiceFields: component(invoiceSchema, entities),
  InvoiceText: component(invoiceSchema.shape.issuer.unwrap(), entities.issuer),
  InvoiceDate: component(invoiceSchema.shape.date.unwrap(), entities.date),
  InvoiceAmount: component(invoiceSchema.shape.total.unwrap(), amount),
  InvoiceTax: component(taxes.unwrap().unwrap().element, {
    value: { rate: '19', base: '100.00', amount: '19.00' },
    ...found,
  }),
  InvoiceLine: component(lines.unwrap().element, entities.lines[0]),
  StartOfBatch: component(batchBody, { documentIds: [id], language: 'eng', window: 50 }),
  Batch: component(batchSchema, { id: 'batch-2026-01-31', status: 'running', progress }),
  BatchProgress: component(progressSchema, progress),
  BatchOutcome: component(batchOutcomeSchema, {
    position: 0,
    documentId: id,
    name: document.name,
    status: 'completed',
    pages: 2,
    confidence: 0.94,
    reading: 'read',
    failure: null,
  }),
};
