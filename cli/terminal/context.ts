/** What commands need from outside; `main.ts` supplies it, tests supply fakes. */
import type { PerennialClient } from '../../client/index.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { RestoreDatabase } from '../../services/housekeeping/port.ts';

/** What the commands of every domain may use; a domain adds ports of its own in its `ports.ts`. */
export interface CliServices {
  readonly client: PerennialClient;
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

/** What one run of the command works with; `Services` is what its commands use once connected. */
export interface CliContext<Services extends CliServices = CliServices> {
  /** Opens the connections. @throws Unavailable nothing runs; the message says what to do */
  readonly connect: () => Promise<Services>;
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
export async function withServices<Services extends CliServices>(
  context: CliContext<Services>,
  work: (services: Services) => Promise<number>,
): Promise<number> {
  const services = await context.connect();
  try {
    return await work(services);
  } finally {
    await services.close();
  }
}
