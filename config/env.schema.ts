/**
 * The one table of configuration entries. `loadConfig` reads it, `docs/configuration.md`
 * is generated from it, and nothing else in the product reads the environment.
 */
import { z } from 'zod';
import { callEntries } from './tasks.ts';
import { choice, flag, isUrl, number, optional, port, text, type Required, type ValuesOf } from './entries.ts';
import { housekeepingEntries } from './housekeeping.ts';
import { importEntries } from './imports.ts';
import { emailEntries } from './email.ts';
import { reportEntries } from './reports.ts';
import { scheduleEntries } from './schedules.ts';

/** Log levels from the most to the least talkative. */
export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** How much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const LEVEL_ALIASES: Readonly<Record<string, string>> = { WARNING: 'WARN', CRITICAL: 'FATAL' };

const logLevel: Required<LogLevel> = {
  doc: 'Least severe level that is logged. WARNING and CRITICAL are understood too; case does not matter.',
  expected: `one of ${LOG_LEVELS.join(', ')}`,
  schema: z
    .string()
    .transform((value) => LEVEL_ALIASES[value.toUpperCase()] ?? value.toUpperCase())
    .pipe(z.enum(LOG_LEVELS)),
  fallback: 'INFO',
  defaultText: 'INFO',
};

const anyText = (): boolean => true;
const isAddress = (value: string): boolean => /^(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5}$/i.test(value);
const isHttpUrl = (value: string): boolean => isUrl(value, ['http:', 'https:']);

/** `file:///folder`, or `s3://key:secret@host:port/bucket?region=…&tls=true`. */
function isBlobUrl(value: string): boolean {
  if (isUrl(value, ['file:'])) return new URL(value).pathname.length > 1;
  if (!isUrl(value, ['s3:'])) return false;
  const url = new URL(value);
  return url.hostname !== '' && url.username !== '' && url.password !== '' && /^\/[^/]+\/?$/.test(url.pathname);
}

const general = {
  ENVIRONMENT: choice(['development', 'production'], 'development', {
    doc: 'Profile. `production` refuses to start without API_KEY, DATABASE_URL and TEMPORAL_ADDRESS.',
  }),
  LOG_LEVEL: logLevel,
  STATE_DIR: text('', {
    doc: 'Folder of the local stack: databases, blobs, logs, pid files.',
    defaultText: '`.perennial` in the project folder',
  }),
  SHUTDOWN_GRACE_MS: number(
    10_000,
    { min: 0, max: 3_600_000 },
    { doc: 'How long running work may take to finish when a process is told to stop.', unit: 'ms' },
  ),
};

const temporal = {
  TEMPORAL_ADDRESS: optional('host:port', isAddress, {
    doc: 'Address of the Temporal server. Unset: the local stack starts a server of its own.',
  }),
  TEMPORAL_NAMESPACE: text('default', { doc: 'Temporal namespace.' }),
  TEMPORAL_TLS: flag(false, { doc: 'Encrypt the connection to the Temporal server.' }),
  TEMPORAL_TLS_CERT: optional('a readable file', anyText, {
    doc: 'Client certificate (PEM file); needs TEMPORAL_TLS_KEY.',
  }),
  TEMPORAL_TLS_KEY: optional('a readable file', anyText, { doc: 'Key of the client certificate (PEM file).' }),
  TEMPORAL_TLS_CA: optional('a readable file', anyText, {
    doc: 'Root certificate of the server (PEM file), where it is not a public one.',
  }),
  TEMPORAL_TLS_SERVER_NAME: optional('a host name', anyText, {
    doc: 'Host name that the certificate of the server must carry, where it differs from the address.',
  }),
  TEMPORAL_API_KEY: optional('a key', anyText, {
    doc: 'API key of the Temporal server, for example of Temporal Cloud. Needs TEMPORAL_TLS.',
    secret: true,
  }),
  TEMPORAL_PORT: port(7233, {
    doc: 'Port of the server that the local stack starts; the next free one when it is taken.',
  }),
  TEMPORAL_POWER_SAFE: flag(false, {
    doc: 'The local server writes each step through to the disk, so that not even a power failure takes its last moments; slower. Kills of any process never do.',
  }),
  UI_PORT: port(8233, { doc: "Port of Temporal's Web UI in the local stack; the next free one when it is taken." }),
};

const database = {
  DATABASE_URL: optional(
    'postgres://user:password@host:port/database',
    (value) => isUrl(value, ['postgres:', 'postgresql:']),
    {
      doc: 'PostgreSQL database. Unset: the local stack starts a server of its own.',
      secret: true,
    },
  ),
  DATABASE_POOL_SIZE: number(
    10,
    { min: 1, max: 1000 },
    { doc: 'Most connections that one process holds.', unit: 'connections' },
    20,
  ),
  DATABASE_POOL_OVERFLOW: number(
    0,
    { min: 0, max: 1000 },
    { doc: 'Connections beyond that in times of need.', unit: 'connections' },
    40,
  ),
  DATABASE_POOL_RECYCLE_S: number(
    3_600,
    { min: 1, max: 1_000_000 },
    { doc: 'Age at which a connection is replaced by a new one.', unit: 's' },
  ),
  DATABASE_PATIENCE_MS: number(
    60_000,
    { min: 0, max: 3_600_000 },
    { doc: 'How long a process waits at its start for the database to come up.', unit: 'ms' },
  ),
  POSTGRES_PORT: port(0, {
    doc: 'Port of the PostgreSQL server that the local stack starts.',
    defaultText: '0 (any free port)',
  }),
};

const storage = {
  BLOB_URL: optional('file:///folder or s3://key:secret@host:port/bucket?region=…&tls=true', isBlobUrl, {
    doc: 'Where uploads and large results are stored.',
    defaultText: '`blobs` in STATE_DIR',
    secret: true,
  }),
  DOCUMENT_ROOTS: optional('folders, separated like PATH', anyText, {
    doc: 'Folders whose files may be read by path, separated like PATH (`:`, on Windows `;`).',
    defaultText: '`samples` in the project folder and `inbox` in STATE_DIR',
  }),
  UPLOAD_MAX_MB: number(100, { min: 1, max: 10_000 }, { doc: 'Largest upload that the API takes.', unit: 'MB' }),
};

const api = {
  API_HOST: text('127.0.0.1', { doc: 'Interface that the API listens on. Any but a loopback address needs API_KEY.' }),
  API_PORT: port(8080, { doc: 'Port of the API.' }),
  API_KEY: optional('a key of at least 16 characters', (value) => value.length >= 16, {
    doc: 'When set, every request except health needs it. Required in production. At least 16 characters.',
    secret: true,
  }),
};

const worker = {
  WORKER_FLEET: choice(['all', 'workflows', 'documents'], 'all', {
    doc: 'Which queues a worker process serves: all of them, workflows only, or the documents domain only.',
  }),
  WORKER_MAX_CACHED_WORKFLOWS: number(
    500,
    { min: 1, max: 100_000 },
    { doc: 'Workflows that a worker keeps in memory (about 0.3 MB each).', unit: 'workflows' },
  ),
  RETRY_DELAY_SCALE: number(
    1,
    { min: 0, max: 100, decimal: true },
    { doc: 'Every retry delay is multiplied with this; below 1 for tests and demonstrations.' },
  ),
  HEALTH_HOST: text('127.0.0.1', {
    doc: "Interface that a worker's health server listens on; 0.0.0.0 in a container.",
  }),
  HEALTH_PORT: port(9091, { doc: "Port of a worker's health server." }),
};

const ocr = {
  OCR_ENGINE: choice(['auto', 'tesseract', 'tesseract.js'], 'auto', {
    doc: 'Local engine: the installed `tesseract` command, the built-in tesseract.js, or whichever is there.',
  }),
  OCR_PROCESSES: number(
    0,
    { min: 0, max: 1024 },
    { doc: 'Pages read at once by one worker.', unit: 'processes', defaultText: '0 (one for each core)' },
  ),
  OCR_PAGE_TIMEOUT_MS: number(
    120_000,
    { min: 100, max: 3_600_000 },
    { doc: 'Longest time that reading one page may take.', unit: 'ms' },
  ),
  OCR_PAGE_MEMORY_MB: number(
    1024,
    { min: 64, max: 1_000_000 },
    { doc: 'Most memory that reading one page may take.', unit: 'MB' },
  ),
  OCR_RECYCLE_PAGES: number(
    1_000,
    { min: 1, max: 1_000_000 },
    { doc: 'Pages after which a process that reads pages is replaced by a new one.', unit: 'pages' },
    5_000,
  ),
  OCR_MAX_PIXELS: number(100_000_000, { min: 1000, max: 10_000_000_000 }, { doc: 'Largest page.', unit: 'pixels' }),
  OCR_MAX_FILE_MB: number(500, { min: 1, max: 100_000 }, { doc: 'Largest file that is read.', unit: 'MB' }),
  OCR_MAX_PAGES: number(5000, { min: 1, max: 1_000_000 }, { doc: 'Most pages in one document.', unit: 'pages' }),
};

const deepseek = {
  DEEPSEEK_URL: optional('an http or https URL', isHttpUrl, {
    doc: 'Service that speaks the OpenAI protocol and runs DeepSeek-OCR. Unset: pages are read by the local engine.',
  }),
  DEEPSEEK_API_KEY: optional('a key', anyText, { doc: 'Key of that service, where it needs one.', secret: true }),
  DEEPSEEK_MODEL: text('deepseek-ai/DeepSeek-OCR', { doc: 'Name of the model at that service.' }),
  DEEPSEEK_TIMEOUT_MS: number(
    60_000,
    { min: 100, max: 3_600_000 },
    { doc: 'Longest time that one request to it may take.', unit: 'ms' },
  ),
};

/** All entries by the name of their environment variable, in the order of the documentation. */
export const configEntries = {
  ...general,
  ...temporal,
  ...database,
  ...storage,
  ...api,
  ...worker,
  ...ocr,
  ...deepseek,
  ...callEntries,
  ...emailEntries,
  ...reportEntries,
  ...scheduleEntries,
  ...housekeepingEntries,
  ...importEntries,
};

/** The name of a configuration entry. */
export type EntryName = keyof typeof configEntries;

/** The values of all entries, before they are grouped. */
export type EntryValues = ValuesOf<typeof configEntries>;
