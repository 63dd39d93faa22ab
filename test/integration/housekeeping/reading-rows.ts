/** Reading over the real rows of documents, which stops in the middle of a batch. */
import { createDocumentActivities } from '../../../activities/documents/index.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { createBatchStore } from '../../../services/documents/batches.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import { silentLog } from '../../support/silent-log.ts';
import type { House } from './house.ts';
import type { Gate } from './resets.ts';

/** Files of a batch. */
export const READ_FILES = Array.from({ length: 6 }, (_, n) => `/scans/${String(n)}.png`);
/** Waits in the middle of the fourth of six documents. */
export const HELD = READ_FILES[3];

/** Reading over the real rows, by an engine that notes the pages it read and waits at one. */
export function readers(house: Pick<House, 'test' | 'blobs'>, held: Gate): { activities: Activities; read: string[] } {
  const read: string[] = [];
  const { db } = house.test;
  const activities = createDocumentActivities(
    {
      documents: createDocumentStore(db),
      batches: createBatchStore(db),
      blobs: house.blobs,
      files: { confine: (file) => Promise.resolve(file), list: (file) => Promise.resolve([file]) },
      reader: {
        concurrency: 1,
        inspect: () => Promise.resolve({ mediaType: 'image/png', pages: 1 }),
        readPage: async ({ path, page }) => {
          if (path === HELD) await held.pass();
          read.push(path);
          const engine = { origin: 'ocr', engine: 'tesseract', state: 'read' } as const;
          const place = { width: 1, height: 1, rotation: 0, skew: 0, words: [] } as const;
          return { page, text: path, confidence: 0.9, ...place, ...engine };
        },
        renderPage: () => Promise.reject(new TypeError('expected no picture')),
        close: () => Promise.resolve(),
      },
      invoices: { read: () => Promise.reject(new TypeError('expected no invoice')) },
      language: 'eng',
    },
    { log: () => silentLog },
  );
  return { activities, read };
}
