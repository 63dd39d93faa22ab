/** A worker's event loop goes on while its tasks are given the worst that strangers can send. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { createLogger } from '../../../observability/logger.ts';
import { createBlobStore } from '../../../services/blobs/open.ts';
import type { BlobStore } from '../../../services/blobs/port.ts';
import { createDomains } from '../../../workers/domains/index.ts';
import { MOST_DELAY_MS, watched } from '../../support/event-loop.ts';
import { workbookOf } from '../../support/files/workbook.ts';
import { testDatabase, type TestDatabase } from '../../support/servers/postgres.ts';
import { TEST_SEAL_KEYS } from '../../support/servers/temporal.ts';
import { never } from '../ocr/request.ts';
import { useReaders } from '../ocr/support.ts';
import { silentLog } from '../../support/silent-log.ts';

const PATIENCE = { timeout: 120_000 };

type Run = (task: string, input: unknown) => Promise<unknown>;
/** Expected failures would fill the output. */
const quiet = new DefaultLogger('ERROR', () => undefined);

let folder: string;
let test: TestDatabase;
let blobs: BlobStore;
let domains: Awaited<ReturnType<typeof createDomains>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hostile-inputs-'));
  test = await testDatabase();
  const config = loadConfig({ STATE_DIR: folder, DATABASE_URL: test.url, SEAL_KEYS: TEST_SEAL_KEYS });
  const logger = createLogger({ level: 'FATAL', name: 'test' });
  domains = await createDomains({ config, database: test.db, logger, shell: { log: () => silentLog } });
  blobs = createBlobStore(config.blobs.url);
});
afterAll(async () => {
  await domains.close();
  await test.drop();
  await rm(folder, { recursive: true, force: true });
});

const run: Run = (task, input) => {
  const activity = (domains.activities as Readonly<Record<string, (input: unknown) => Promise<unknown>>>)[task]; // by name
  if (activity === undefined) throw new TypeError(`expected a task, got ${task}`);
  return new MockActivityEnvironment(undefined, { logger: quiet })
    .run(activity, input)
    .catch((error: unknown) => (error as { readonly type?: string }).type); // failures of the shell have one
};

/** Downloads and parses a file as an import does; gives the type of the failure that ends it. */
async function importOf(content: Buffer): Promise<unknown> {
  const id = { importId: 'import-hostile', runId: randomUUID() };
  const source = { blob: await blobs.put('imports/uploads', content) };
  await run('imports.download', { ...id, input: { source } });
  return run('imports.parse', id);
}

const mail = (body: string): object => ({
  messageKey: randomUUID(),
  to: 'a@example.com',
  subject: 's',
  body,
  html: true,
});
const filled = (size: number, unit: string): string => unit.repeat(size / unit.length);

const worst: Readonly<Record<string, { readonly work: () => Promise<unknown>; readonly end: unknown }>> = {
  'a workbook of far cells': {
    work: () => importOf(workbookOf({ sheet: '<row><c r="XFD1"/></row>'.repeat(40_000) })),
    end: 'EmptyFile',
  },
  'a workbook of elements within elements': {
    work: () => importOf(workbookOf({ sheet: '<a>'.repeat(1_000_000) })),
    end: 'ImportUnreadable',
  },
  'CSV of quotes that nobody closes': {
    work: () => importOf(Buffer.from(`a,b\n${filled(4_000_000, ',"x')}`)),
    end: 'ImportTooLarge',
  },
  'an HTML message of headings within headings': {
    work: () => run('email.send', mail(filled(200_000, '<h1>'))),
    end: 'EmailNotConfigured',
  },
  'an HTML message of open paragraphs': {
    work: () => run('email.send', mail(filled(200_000, '<p>x'))),
    end: 'EmailNotConfigured',
  },
  'a message of which every character must be encoded': {
    work: () => run('email.send', { ...mail('é'.repeat(1_000_000)), html: false }),
    end: 'EmailNotConfigured',
  },
  'a message of which every word is long': {
    work: () => run('email.send', mail('x'.repeat(1_000_000))),
    end: 'EmailNotConfigured',
  },
  'records of control characters': {
    work: () =>
      run('imports.validateRecords', {
        schema: 'users',
        records: Array(500).fill(
          Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`c${String(at)}`, '\u0001'.repeat(40)])),
        ),
      }),
    end: expect.objectContaining({ valid: [] }),
  },
};

describe('the event loop of a worker goes on', () => {
  it.each(Object.entries(worst))('%s', PATIENCE, async (_name, { work, end }) => {
    const { value, longestMs } = await watched(work);
    expect(value).toEqual(end);
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
  });
});

describe('the event loop of a worker goes on while children open documents', () => {
  const { reader, stored } = useReaders();
  it.each([
    ['a PDF of lists within lists', 'deep.pdf', `%PDF-1.7\n1 0 obj\n${filled(5_000_000, '[')}`],
    ['a PDF of objects', 'many.pdf', `%PDF-1.7\n${filled(5_000_000, '1 0 obj<</Type/Page>>endobj\n'.padEnd(50))}`],
    ['a TIFF whose directories go round', 'round.tiff', Buffer.from('49492a000800000000000800000008000000', 'hex')],
  ])('%s', PATIENCE, async (_name, name, content) => {
    const file = await stored(name, content);
    const opened = reader({ pageTimeoutMs: 5_000 });
    const { value, longestMs } = await watched(() => opened.inspect(file, never).catch((error: unknown) => error));
    expect(value).toMatchObject({ type: expect.any(String) as string });
    expect(longestMs).toBeLessThan(MOST_DELAY_MS);
  });
});
