/** Documents, pages and entries for the tests of the stores. */
import { randomUUID } from 'node:crypto';
import type { DocumentOutcome, ReadingOptions } from '../../../contracts/documents/schema.ts';
import type { DocumentStore, NewDocument } from '../../../services/documents/port.ts';
import type { PageReading } from '../../../services/ocr/port.ts';

export const OPTIONS: ReadingOptions = { backend: 'tesseract', language: 'eng', preprocess: true, forceOcr: false };
export const KEY = 'tesseract/eng';

export function newDocument(changes: Partial<NewDocument> = {}): NewDocument {
  return { id: randomUUID(), name: 'letter.pdf', source: { kind: 'path', path: '/in/letter.pdf' }, ...changes };
}

export function reading(page: number, changes: Partial<PageReading> = {}): PageReading {
  return {
    page,
    text: `page ${String(page)}`,
    confidence: 0.9,
    width: 800,
    height: 600,
    rotation: 0,
    skew: 0,
    words: [{ text: 'page', confidence: 0.9, box: [0, 0, 0.5, 0.1], line: 0 }],
    state: 'read',
    origin: 'ocr',
    engine: 'tesseract',
    ...changes,
  };
}

/** Adds a document and reads its pages, as far as the outcome is missing. */
export async function readDocument(
  documents: DocumentStore,
  pages: readonly PageReading[],
  key = KEY,
): Promise<string> {
  const document = newDocument();
  await documents.add([document]);
  await documents.begin(document.id, key, { pages: pages.length, mediaType: 'application/pdf' });
  for (const page of pages) await documents.savePage(document.id, key, page);
  return document.id;
}

export function completed(documentId: string, position = 0): DocumentOutcome {
  return { position, documentId, status: 'completed' };
}

export function failed(documentId: string, position = 0, message = 'damaged'): DocumentOutcome {
  return { position, documentId, status: 'failed', failure: { type: 'CorruptDocument', class: 'permanent', message } };
}

export function released(documentId: string, position = 0): DocumentOutcome {
  return { position, documentId, status: 'released' };
}
