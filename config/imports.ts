/** Settings of imports. */
import { availableParallelism } from 'node:os';
import { BYTES_PER_KB, BYTES_PER_MB } from '../contracts/values/units.ts';
import { anyText, flag, isHttpUrl, mapped, number, optional } from './entries.ts';

const SOURCE = /^(?:([a-z_]+)(?::([a-z0-9][a-z0-9_.-]*))?=)?(https?:\/\/.+)$/i;

/** One file that the nightly sync fetches, and the data set that receives its rows. */
export interface SyncSource {
  readonly url: string;
  readonly schema: string;
  readonly dataset?: string;
}

/** `[schema[:dataset]=]URL`, several are separated by spaces. */
function parseSource(text: string): SyncSource | undefined {
  const found = SOURCE.exec(text);
  const url = found?.[3];
  if (found === null || url === undefined || !isHttpUrl(url)) return undefined;
  return { url, schema: found[1] ?? 'records', ...(found[2] === undefined ? {} : { dataset: found[2] }) };
}

const words = (list: string): string[] => list.split(/\s+/).filter((word) => word !== '');

const areSources = (value: string): boolean => words(value).every((word) => parseSource(word) !== undefined);

const MOST_THREADS = 4;

export const imports = {
  maxFileBytes: mapped(
    number('IMPORT_MAX_MB', 10_000, { min: 1, max: 1_000_000 }, { doc: 'Largest file that is imported.', unit: 'MB' }),
    (mb) => mb * BYTES_PER_MB,
  ),
  maxRecordBytes: mapped(
    number(
      'IMPORT_MAX_RECORD_KB',
      1_024,
      { min: 1, max: 1_000_000 },
      { doc: 'Longest record of an imported file; a quote that is not closed makes records endless.', unit: 'KB' },
    ),
    (kb) => kb * BYTES_PER_KB,
  ),
  batchRecords: number(
    'IMPORT_BATCH_RECORDS',
    10_000,
    { min: 100, max: 100_000 },
    { doc: 'Records that are saved in one transaction.', unit: 'records' },
  ),
  /** At least 1. */
  threads: mapped(
    number(
      'IMPORT_THREADS',
      0,
      { min: 0, max: 64 },
      {
        doc: 'Threads of one worker that parse and validate.',
        unit: 'threads',
        defaultText: '0 (one for each core, at most 4)',
      },
    ),
    (threads) => (threads === 0 ? Math.min(availableParallelism(), MOST_THREADS) : threads),
  ),
  maxRedirects: number(
    'IMPORT_MAX_REDIRECTS',
    5,
    { min: 0, max: 20 },
    { doc: 'Most redirects that a download follows.' },
  ),
  silenceMs: number(
    'IMPORT_SILENCE_MS',
    30_000,
    { min: 100, max: 600_000 },
    { doc: 'How long the server of a download may send nothing.', unit: 'ms' },
  ),
  allowPrivate: flag('IMPORT_ALLOW_PRIVATE', false, {
    doc: 'Lets downloads reach private networks, this machine and cloud metadata. Only for closed installations.',
  }),
  allowedHosts: mapped(
    optional('IMPORT_ALLOWED_HOSTS', 'host names, each with an optional port, separated by blanks', anyText, {
      doc: 'Hosts that downloads may reach although they lead into a private network.',
    }),
    (list): readonly string[] => words(list ?? '').map((host) => host.toLowerCase()),
  ),
  syncSources: mapped(
    optional('SYNC_URLS', '[schema[:dataset]=]URL, several separated by blanks', areSources, {
      doc: 'What `syncExternalData` imports every 30 minutes.',
      secret: true,
    }),
    (list): readonly SyncSource[] => words(list ?? '').flatMap((word) => parseSource(word) ?? []),
  ),
};
