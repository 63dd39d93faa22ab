/** The API over fakes of all its ports. */
import { writeFile } from 'node:fs/promises';
import type { Express } from 'express';
import sharp from 'sharp';
import { createApi } from '../../../api/app.ts';
import { documentFiles } from '../../../api/documents/ports.ts';
import type { AbuseSettings } from '../../../api/http/abuse.ts';
import type { PerennialClient } from '../../../client/index.ts';
import type { AllServices } from '../../../api/routes.ts';
import type { ApiSettings } from '../../../api/services.ts';
import type { CheckText } from '../../../contracts/housekeeping/vocabulary.ts';
import { PerennialError } from '../../../contracts/failures.ts';
import { createReadiness, workersCheck } from '../../../observability/health.ts';
import { createFileBlobStore } from '../../../services/blobs/filesystem.ts';
import { openOriginal } from '../../../services/documents/original.ts';
import { createSearchablePdfs } from '../../../services/ocr/searchable/pdfs.ts';
import type { MemoryImports } from './imports.ts';
import { memoryAnswers } from '../../../activities/shell/memory-answers.ts';
import { memoryBlobs, type MemoryBlobs } from './blobs.ts';
import { fakeClient, type FakeClient } from './client.ts';
import { memoryLedger, type MemoryLedger } from './schedules.ts';
import { memoryReports, type MemoryReports } from './reports.ts';
import { closedRows, memoryBatches, memoryDocuments, type MemoryBatches, type MemoryDocuments } from './documents.ts';

export interface TestApi {
  readonly app: Express;
  readonly client: FakeClient;
  readonly documents: MemoryDocuments;
  readonly batches: MemoryBatches;
  readonly reports: MemoryReports;
  readonly scheduleLedger: MemoryLedger;
  readonly imports: MemoryImports;
  readonly blobs: MemoryBlobs;
  /** What the checks of readiness say; an error is thrown. */
  readonly checks: { database: CheckText | Error; blobs: CheckText | Error; temporal: CheckText | Error };
  /** Everything that was logged, as text. */
  readonly logged: string[];
  /** Pages that were painted. */
  readonly painted: number[];
  /**
   * The file of every document: a picture, or a PDF with so many digital signatures. A folder is where the real files
   * of documents lie, by path and as blobs.
   */
  readonly stored: { signatures: number | undefined; folder?: string };
}

const MANY = 1_000_000_000;
const NO_BOUNDS: AbuseSettings = {
  ratePerAddress: MANY,
  ratePerKey: MANY,
  wrongKeys: MANY,
  lockoutMs: 60_000,
  uploadBytesPerHour: MANY,
};

type TestSettings = Partial<Omit<ApiSettings, 'abuse'> & { readonly abuse: Partial<AbuseSettings> }>;

/**
 * Makes an API over fakes.
 *
 * @param real - jobs of a client that are no fakes
 * @param ports - ports that are no fakes
 */
export function testApi(
  settings: TestSettings = {},
  real: Partial<PerennialClient> = {},
  ports: Partial<AllServices> = {},
): TestApi {
  const fake = fakeClient();
  const { memory: imports } = fake.imports;
  const client = Object.assign(fake, real);
  const documents = memoryDocuments();
  const batches = memoryBatches();
  const reports = memoryReports();
  const scheduleLedger = memoryLedger();
  const blobs = memoryBlobs();
  const checks: TestApi['checks'] = { database: 'ok', blobs: 'ok', temporal: 'ok' };
  const logged: string[] = [];
  const painted: number[] = [];
  const stored: TestApi['stored'] = { signatures: undefined };
  const say = (value: CheckText | Error): Promise<CheckText> =>
    value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  const log = (fields: unknown, message: unknown) => void logged.push(`${JSON.stringify(fields)} ${String(message)}`);
  const services: AllServices = {
    client,
    documents,
    batches,
    batchRows: closedRows(batches),
    reports,
    scheduleLedger,
    reportUsers: { findUser: (id) => Promise.resolve(reports.users.find((user) => user.id === id)) },
    email: {
      outcomes: () => Promise.resolve([]),
      counts: () => Promise.resolve({ sent: 0, failed: 0, duplicates: 0, deferred: 0 }),
    },
    dataExports: { find: () => Promise.resolve(undefined) },
    dataFiles: { get: () => Promise.reject(new PerennialError('DataFileMissing', 'no file')) },
    aiCosts: { decimal: String, billionths: Number },
    aiUsage: {
      usageOf: () => Promise.resolve({ month: '2026-11-01', spent: 0, reserved: 0, models: [] }),
      budgetOf: () => Promise.resolve(undefined),
      setBudget: () => Promise.resolve(),
    },
    billing: { inbox: { keep: () => Promise.resolve(true) }, webhookSecret: undefined },
    messages: {
      news: { status: () => Promise.resolve(), answer: () => Promise.resolve() },
      authToken: undefined,
      publicUrl: 'http://localhost',
    },
    media: { find: () => Promise.resolve(undefined) },
    blobs,
    answers: memoryAnswers(),
    files: {
      open: (source) =>
        stored.folder === undefined
          ? Promise.resolve({ path: '/nowhere/scan.png', release: () => Promise.resolve() })
          : documentFiles([stored.folder], createFileBlobStore({ root: stored.folder })).open(source),
      original: openOriginal,
    },
    searchable: createSearchablePdfs({
      inspect: () =>
        Promise.resolve({ mediaType: stored.signatures === undefined ? 'image/png' : 'application/pdf', pages: 1 }),
      renderPage: async (_path, _mediaType, page) => {
        painted.push(page);
        const size = { width: 248, height: 351 };
        const picture = sharp({ create: { ...size, channels: 3, background: '#fff' } });
        return { ...size, jpeg: await picture.jpeg().toBuffer() };
      },
      addText: async (_path, target) => {
        await writeFile(target, '%PDF copy');
        return { signatures: stored.signatures ?? 0 };
      },
    }),
    readiness: createReadiness({
      checks: {
        database: () => say(checks.database),
        blobs: () => say(checks.blobs),
        temporal: () => say(checks.temporal),
        workers: () => Promise.resolve(workersCheck(client.workers)),
      },
      cacheMs: 0,
    }),
    settings: {
      uploadMaxBytes: 1024 * 1024,
      eventIntervalMs: 10,
      hosts: [],
      trustedProxies: [],
      ...settings,
      abuse: { ...NO_BOUNDS, ...settings.abuse },
    },
    logger: { info: log, warn: log, error: log },
    ...ports,
  };
  return {
    app: createApi(services),
    client,
    documents,
    batches,
    imports,
    reports,
    scheduleLedger,
    blobs,
    checks,
    logged,
    stored,
    painted,
  };
}

/** A document id for tests: the n-th. */
export function documentId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}
