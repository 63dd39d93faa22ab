/** The rows that the imports domain adds to the catalogue of tasks. */
import type {
  CleanupInput,
  CleanupOutput,
  DownloadInput,
  DownloadOutput,
  FetchDocumentsInput,
  FetchDocumentsOutput,
  FinishInput,
  ImportResult,
  ListDocumentsInput,
  ListDocumentsOutput,
  ListSyncSourcesInput,
  ListSyncSourcesOutput,
  ParseInput,
  ParseOutput,
  SaveInput,
  SaveOutput,
  ValidateRecordsInput,
  ValidateRecordsOutput,
} from './schema.ts';
import { hostKey } from '../breakers/vocabulary.ts';
import { standardLimits, untilStoreIsBack } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import { taskRow, type TimeLimits } from '../tasks/definition.ts';
import type { RetryRule } from '../tasks/retry-rules.ts';
import { MINUTE_MS, SECOND_MS } from '../values/units.ts';

const remote: RetryRule = {
  attempts: 8,
  delayMs: 10 * SECOND_MS,
  factor: 2,
  maxDelayMs: 10 * MINUTE_MS,
  reason: 'Other servers come back within minutes; each attempt continues at the byte where the one before stopped.',
};

/** Whole files pass through these tasks, and gigabytes take longer than the standard limits allow. */
const wholeFile: TimeLimits = {
  softMs: 55 * MINUTE_MS,
  hardMs: 60 * MINUTE_MS,
  heartbeatMs: 5 * SECOND_MS,
  reason: 'A file of 10 GB at 3 MB/s takes an hour; a dead worker is still noticed within 5 s.',
};

export const importTasks = {
  download: taskRow<DownloadInput, DownloadOutput>()({
    name: 'imports.download',
    queue: queues.documentsLowPriority,
    purpose: 'Puts the file of an import into the shared store, part by part.',
    retry: remote,
    limits: wholeFile,
    breaker: { key: sourceHost },
    keepOnRedrive: false,
  }),
  parse: taskRow<ParseInput, ParseOutput>()({
    name: 'imports.parse',
    queue: queues.documentsLowPriority,
    purpose: 'Finds format, encoding, delimiter and header, and cuts the file into ranges of records.',
    retry: untilStoreIsBack,
    limits: wholeFile,
    keepOnRedrive: false,
  }),
  validateRecords: taskRow<ValidateRecordsInput, ValidateRecordsOutput>()({
    name: 'imports.validateRecords',
    queue: queues.documentsLowPriority,
    purpose: 'Validates up to 1,000 records that the caller has: good ones come back unchanged.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
  save: taskRow<SaveInput, SaveOutput>()({
    name: 'imports.save',
    queue: queues.documentsLowPriority,
    purpose: 'Reads one range, validates each record and saves the good ones in batches, each exactly once.',
    retry: untilStoreIsBack,
    limits: wholeFile,
  }),
  fetchDocuments: taskRow<FetchDocumentsInput, FetchDocumentsOutput>()({
    name: 'imports.fetchDocuments',
    queue: queues.documentsLowPriority,
    purpose: 'Downloads the documents that a list names by address.',
    retry: remote,
    limits: wholeFile,
  }),
  listDocuments: taskRow<ListDocumentsInput, ListDocumentsOutput>()({
    name: 'imports.listDocuments',
    queue: queues.documentsLowPriority,
    purpose: 'Writes the manifest of the documents that an import has made, for a batch that reads them.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
  finish: taskRow<FinishInput, ImportResult>()({
    name: 'imports.finish',
    queue: queues.documentsLowPriority,
    purpose: 'Closes an import: counts what became of its records and writes the rejects file.',
    retry: untilStoreIsBack,
    limits: wholeFile,
    keepOnRedrive: false,
  }),
  cleanup: taskRow<CleanupInput, CleanupOutput>()({
    name: 'imports.cleanup',
    queue: queues.documentsLowPriority,
    purpose: 'Removes the temporary file of an import, whatever became of it; the result is passed through.',
    retry: untilStoreIsBack,
    limits: standardLimits,
    keepOnRedrive: false,
  }),
  listSyncSources: taskRow<ListSyncSourcesInput, ListSyncSourcesOutput>()({
    name: 'imports.listSyncSources',
    queue: queues.documentsLowPriority,
    purpose: 'Lists the addresses that are imported regularly.',
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
} as const;

/** The server of the file; none for one that is uploaded, or that workers can read. */
function sourceHost(given: unknown): string | undefined {
  const { input } = given as Partial<DownloadInput>; // what is no download throws here, which means no breaker
  return hostKey(input?.source.url);
}
