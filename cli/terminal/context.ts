/** What commands need from outside; `main.ts` supplies it, tests supply fakes. */
import type { BatchRows, BulkLedger, PerennialClient } from '../../client/index.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { ReportStore } from '../../services/reports/port.ts';
import type { BatchStore, DocumentStore } from '../../services/documents/port.ts';
import type { ScheduleLedger } from '../../services/schedules/port.ts';
import type { RestoreDatabase } from '../../services/housekeeping/port.ts';

/** Where Perennial's parts are, once connected. */
export interface CliServices {
  readonly client: PerennialClient;
  readonly documents: DocumentStore;
  readonly batches: BatchStore;
  readonly openRows: BatchRows;
  readonly email: BulkLedger;
  readonly scheduleLedger: Pick<ScheduleLedger, 'list'>;
  readonly reports: Pick<ReportStore, 'list' | 'files'>;
  readonly blobs: Pick<BlobStore, 'open' | 'list'>;
  /** Base address of the API: searchable PDFs are drawn there. */
  readonly apiUrl: string;
  readonly apiKey: string | undefined;
  close(): Promise<void>;
}

/** An output: standard output or standard error. */
export interface Output {
  readonly isTTY?: boolean;
  write(chunk: string | Uint8Array): unknown;
}

/** The world of one run of the command. */
export interface CliContext {
  /** Opens the connections. @throws Unavailable nothing runs, with the words what to do */
  connect(): Promise<CliServices>;
  /** Loads a backup into a database. */
  readonly restore: RestoreDatabase;
  /** Results only, so that they can be piped. */
  readonly stdout: Output;
  /** Progress and errors. */
  readonly stderr: Output;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Takes the exit code that a command ends with. */
export type Run = (work: Promise<number>) => Promise<void>;

/** The command line is wrong; shown without a stack, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Connects, works and disconnects. Gives the exit code of the work. */
export async function withServices(
  context: CliContext,
  work: (services: CliServices) => Promise<number>,
): Promise<number> {
  const services = await context.connect();
  try {
    return await work(services);
  } finally {
    await services.close();
  }
}
