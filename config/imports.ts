/** Settings of imports. */
import { availableParallelism } from 'node:os';
import { flag, isUrl, number, optional, type ValuesOf } from './entries.ts';
import { BYTES_PER_KB, BYTES_PER_MB } from '../contracts/values/units.ts';

const SOURCE = /^(?:([a-z_]+)(?::([a-z0-9][a-z0-9_.-]*))?=)?(https?:\/\/.+)$/i;

/** `[schema[:dataset]=]URL`, several separated by blanks. */
function parseSource(text: string): { url: string; schema: string; dataset?: string } | undefined {
  const found = SOURCE.exec(text);
  const url = found?.[3];
  if (found === null || url === undefined || !isUrl(url, ['http:', 'https:'])) return undefined;
  return { url, schema: found[1] ?? 'records', ...(found[2] === undefined ? {} : { dataset: found[2] }) };
}

const words = (list: string): string[] => list.split(/\s+/).filter((word) => word !== '');

export const importEntries = {
  IMPORT_MAX_MB: number(10_000, { min: 1, max: 1_000_000 }, { doc: 'Largest file that is imported.', unit: 'MB' }),
  IMPORT_MAX_RECORD_KB: number(
    1_024,
    { min: 1, max: 1_000_000 },
    { doc: 'Longest record of an imported file; a quote that is not closed makes records endless.', unit: 'KB' },
  ),
  IMPORT_BATCH_RECORDS: number(
    10_000,
    { min: 100, max: 100_000 },
    { doc: 'Records that are saved in one transaction (PERF-2).', unit: 'records' },
  ),
  IMPORT_THREADS: number(
    0,
    { min: 0, max: 64 },
    {
      doc: 'Threads of one worker that parse and validate.',
      unit: 'threads',
      defaultText: '0 (one for each core, at most 4)',
    },
  ),
  IMPORT_MAX_REDIRECTS: number(5, { min: 0, max: 20 }, { doc: 'Most redirects that a download follows.' }),
  IMPORT_SILENCE_MS: number(
    30_000,
    { min: 100, max: 600_000 },
    { doc: 'How long the server of a download may send nothing.', unit: 'ms' },
  ),
  IMPORT_ALLOW_PRIVATE: flag(false, {
    doc: 'Lets downloads reach private networks, this machine and cloud metadata. Only for closed installations.',
  }),
  IMPORT_ALLOWED_HOSTS: optional('host names, each with an optional port, separated by blanks', () => true, {
    doc: 'Hosts that downloads may reach although they lead into a private network.',
  }),
  SYNC_URLS: optional(
    '[schema[:dataset]=]URL, several separated by blanks',
    (value) => words(value).every((word) => parseSource(word) !== undefined),
    { doc: 'What `syncExternalData` imports every 30 minutes (BEAT-10).', secret: true },
  ),
};

/** How imports behave. */
export interface ImportsConfig {
  readonly maxFileBytes: number;
  readonly maxRecordBytes: number;
  readonly batchRecords: number;
  /** At least 1. */
  readonly threads: number;
  readonly maxRedirects: number;
  readonly silenceMs: number;
  readonly allowPrivate: boolean;
  readonly allowedHosts: readonly string[];
  readonly syncSources: readonly { readonly url: string; readonly schema: string; readonly dataset?: string }[];
}

const MOST_THREADS = 4;

/** Groups the values of {@link importEntries}. */
export function importsConfig(v: ValuesOf<typeof importEntries>): ImportsConfig {
  return {
    maxFileBytes: v.IMPORT_MAX_MB * BYTES_PER_MB,
    maxRecordBytes: v.IMPORT_MAX_RECORD_KB * BYTES_PER_KB,
    batchRecords: v.IMPORT_BATCH_RECORDS,
    threads: v.IMPORT_THREADS === 0 ? Math.min(availableParallelism(), MOST_THREADS) : v.IMPORT_THREADS,
    maxRedirects: v.IMPORT_MAX_REDIRECTS,
    silenceMs: v.IMPORT_SILENCE_MS,
    allowPrivate: v.IMPORT_ALLOW_PRIVATE,
    allowedHosts: words(v.IMPORT_ALLOWED_HOSTS ?? '').map((host) => host.toLowerCase()),
    syncSources: words(v.SYNC_URLS ?? '').flatMap((word) => parseSource(word) ?? []),
  };
}

/** The reverse of {@link importsConfig}. */
export function importsEnv(
  config: ImportsConfig,
): Record<keyof typeof importEntries, string | number | boolean | undefined> {
  const sources = config.syncSources.map(
    ({ url, schema, dataset }) => `${schema}${dataset === undefined ? '' : `:${dataset}`}=${url}`,
  );
  return {
    IMPORT_MAX_MB: config.maxFileBytes / BYTES_PER_MB,
    IMPORT_MAX_RECORD_KB: config.maxRecordBytes / BYTES_PER_KB,
    IMPORT_BATCH_RECORDS: config.batchRecords,
    IMPORT_THREADS: config.threads,
    IMPORT_MAX_REDIRECTS: config.maxRedirects,
    IMPORT_SILENCE_MS: config.silenceMs,
    IMPORT_ALLOW_PRIVATE: config.allowPrivate,
    IMPORT_ALLOWED_HOSTS: config.allowedHosts.length === 0 ? undefined : config.allowedHosts.join(' '),
    SYNC_URLS: sources.length === 0 ? undefined : sources.join(' '),
  };
}
