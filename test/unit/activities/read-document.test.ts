import { describe, expect, it } from 'vitest';
import { refusedEffects } from '../../../activities/shell/layers/task-effects.ts';
import type { DocumentPorts } from '../../../activities/documents/ports.ts';
import { readDocument } from '../../../activities/documents/read-document.ts';
import type { TaskContext } from '../../../activities/shell/task-body.ts';
import { DEFAULT_READING } from '../../../contracts/documents/vocabulary.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import type { PageReading } from '../../../services/ocr/port.ts';
import { reading } from '../../support/fakes/documents.ts';
import { createMemoryCache } from '../../../activities/shell/cache/memory.ts';
import { cacheFor } from '../../../activities/shell/cache/typed.ts';
import { silentLog } from '../../support/silent-log.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const input = { documentId: ID, options: DEFAULT_READING, firstPage: 0, maxPages: 10 };

interface World {
  readonly ports: DocumentPorts;
  readonly saved: Map<number, PageReading>;
  /** Pages that were handed to the reader, in order. */
  readonly asked: number[];
  readonly languages: ReadonlySet<string>;
  readonly context: TaskContext;
  readonly heartbeats: unknown[];
  readonly released: () => number;
}

/** A document of `pages` pages, whose reader breaks at the pages in `breaks` for the first time. */
function world(
  pages: number,
  breaks: readonly number[] = [],
  failure: 'ReaderCrashed' | 'PageMemoryLimit' = 'ReaderCrashed',
): World {
  const saved = new Map<number, PageReading>();
  const asked: number[] = [];
  const languages = new Set<string>();
  const heartbeats: unknown[] = [];
  const broken = new Set(breaks);
  let released = 0;
  const ref = { store: 'file', key: 'k', size: 1, sha256: 'a'.repeat(64) } as const;
  const documents = {
    find: (id: string) =>
      Promise.resolve(
        id === ID
          ? { id, name: 'scan.pdf', source: { kind: 'blob', ref }, status: 'pending', readingKey: null, pages: null }
          : undefined,
      ),
    begin: () => Promise.resolve(),
    pagesRead: () => Promise.resolve([...saved.keys()]),
    textBytes: () => Promise.resolve(0),
    savePage: (_id: string, _key: string, page: PageReading) => {
      saved.set(page.page, page);
      return Promise.resolve();
    },
  };
  const reader = {
    concurrency: 2,
    inspect: () => Promise.resolve({ mediaType: 'application/pdf', pages }),
    readPage: ({ page, language }: { page: number; language: string }) => {
      asked.push(page);
      languages.add(language);
      if (broken.delete(page)) return Promise.reject(new PerennialError(failure, 'gone'));
      return Promise.resolve(reading(page));
    },
  };
  const blobs = {
    localFile: () => Promise.resolve({ path: '/blob', release: () => Promise.resolve(void (released += 1)) }),
  };
  const context: TaskContext = {
    signal: new AbortController().signal,
    attempt: 1,
    taskId: 'task',
    workflowId: 'w',
    queue: 'documents.ocr',
    lastHeartbeat: undefined,
    idempotencyKey: 'task',
    once: () => Promise.reject(new TypeError('expected no effect')),
    cache: cacheFor(createMemoryCache(), { tenant: undefined, log: silentLog.body, stop: new AbortController() }),
    log: silentLog.body,
    progress: (details) => heartbeats.push(details),
    ...refusedEffects({ name: 'test' }),
  };
  // Only the ports that reading uses are here.
  const ports = { documents, reader, blobs, language: 'deu' } as unknown as DocumentPorts;
  return { ports, saved, asked, languages, context, heartbeats, released: () => released };
}

describe('reading a document', () => {
  it('OCR-9 reads each page, stores it under the document and tells how many pages there are', async () => {
    const { ports, saved, context, released } = world(3);
    expect(await readDocument(ports, input, context)).toEqual({ pages: 3, read: 3 });
    expect([...saved.keys()].sort()).toEqual([0, 1, 2]);
    expect(released()).toBe(1);
  });

  it.each([
    [undefined, 'deu'],
    ['fra', 'fra'],
  ])('OCR-3 of a caller that names the language %s reads it as %s', async (language, expected) => {
    const { ports, languages, context } = world(1);
    await readDocument(ports, { ...input, options: { ...input.options, language } }, context);
    expect(languages).toEqual(new Set([expected]));
  });

  it('IDEM-4 a second run reads nothing and says the same', async () => {
    const { ports, asked, context } = world(3);
    await readDocument(ports, input, context);
    expect(await readDocument(ports, input, context)).toEqual({ pages: 3, read: 0 });
    expect(asked).toHaveLength(3);
  });

  it('RETRY-1 a retry goes on at the page it stopped at', async () => {
    const { ports, asked, saved, context, released } = world(6, [3]);
    await expect(readDocument(ports, input, context)).rejects.toMatchObject({ type: 'ReaderCrashed' });
    const before = [...saved.keys()];
    expect(before.length).toBeGreaterThanOrEqual(3);
    await readDocument(ports, input, context);
    expect([...saved.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    for (const page of before) expect(asked.filter((n) => n === page)).toHaveLength(1);
    expect(released()).toBe(2);
  });

  it('a page that hits a limit fails the document after all other pages were read and kept', async () => {
    const { ports, saved, context } = world(6, [1], 'PageMemoryLimit');
    await expect(readDocument(ports, input, context)).rejects.toMatchObject({ type: 'PageMemoryLimit' });
    expect([...saved.keys()].sort()).toEqual([0, 2, 3, 4, 5]);
  });

  it('reads only its range of a long document, and beats with what is left', async () => {
    const { ports, asked, context, heartbeats } = world(35);
    expect(await readDocument(ports, { ...input, firstPage: 30 }, context)).toEqual({ pages: 35, read: 5 });
    expect([...asked].sort((a, b) => a - b)).toEqual([30, 31, 32, 33, 34]);
    expect(heartbeats.at(-1)).toMatchObject({ pagesLeft: 0 });
  });

  it('an unknown document is a permanent failure that names the id', async () => {
    const { ports, context } = world(1);
    const unknown = '00000000-0000-4000-8000-000000000009';
    await expect(readDocument(ports, { ...input, documentId: unknown }, context)).rejects.toMatchObject({
      type: 'DocumentNotFound',
      message: expect.stringContaining(unknown) as string,
    });
  });
});
