/** Builds the adapters and activities of the documents domain. */
import { createDocumentActivities } from '../../activities/documents/index.ts';
import type { DocumentFiles, DocumentPorts } from '../../activities/documents/ports.ts';
import type { Config } from '../../config/types.ts';
import type { Logger } from '../../observability/logger.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createBatchStore } from '../../services/documents/batches.ts';
import { createDocumentStore } from '../../services/documents/postgres.ts';
import { confinePath, listDocuments } from '../../services/files/confine.ts';
import { createInvoiceReader } from '../../services/invoices/reader.ts';
import { createOcrReader } from '../../services/ocr/reader.ts';
import type { OcrReader } from '../../services/ocr/port.ts';
import type { Domain, DomainContext } from './domain.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

function createReader({ ocr, deepseek }: Config['documents'], logger: Logger): OcrReader {
  return createOcrReader({
    processes: ocr.processes,
    pageTimeoutMs: ocr.pageTimeoutMs,
    pageMemoryMb: ocr.pageMemoryMb,
    recyclePages: ocr.recyclePages,
    maxPixels: ocr.maxPixels,
    maxFileBytes: ocr.maxFileMb * BYTES_PER_MB,
    maxPages: ocr.maxPages,
    tesseractPath: ocr.engine === 'tesseract.js' ? 'none' : 'auto',
    logger,
    ...(deepseek.url === undefined
      ? {}
      : {
          deepseek: {
            url: deepseek.url,
            apiKey: deepseek.apiKey,
            model: deepseek.model,
            timeoutMs: deepseek.timeoutMs,
          },
        }),
  });
}

/** Builds the documents domain with its real adapters. */
export function createDocumentsDomain(
  { config, database, logger, shell }: DomainContext,
  reader: OcrReader = createReader(config.documents, logger),
): Domain {
  const invoices = createInvoiceReader();
  const ports: DocumentPorts = {
    documents: createDocumentStore(database),
    batches: createBatchStore(database),
    blobs: createBlobStore(config.blobs.url),
    files: documentFiles(config.documents.roots),
    reader,
    invoices,
    language: config.documents.ocr.language,
  };
  return {
    activities: createDocumentActivities(ports, shell),
    close: async () => {
      await Promise.all([reader.close(), invoices.close()]);
    },
  };
}

function documentFiles(roots: readonly string[]): DocumentFiles {
  return {
    confine: async (path) => (await confinePath(path, roots)).path,
    list: (path, max) => listDocuments(path, roots, { max }),
  };
}
