/** What commands use; `main.ts` passes real adapters and tests pass fakes. */
import { faultText, type FieldFault } from '../../contracts/values/field-faults.ts';
import type { PerennialClient } from '../../client/index.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { OutputForm } from './form.ts';
import type { RestoreDatabase } from '../../services/housekeeping/port.ts';

/** What the commands of every domain may use; a domain adds ports of its own in its `ports.ts`. */
export interface CliServices {
  readonly client: PerennialClient;
  readonly blobs: Pick<BlobStore, 'open' | 'list'>;
  /** Base URL of the API, which makes searchable PDFs. */
  readonly apiUrl: string;
  readonly apiKey: string | undefined;
  /**
   * Resolves for a path that the workers of this machine's stack may read; absent where workers run elsewhere.
   * @throws PerennialError `PathNotAllowed`, `FileMissing`
   */
  readonly requireReadable?: ((path: string) => Promise<unknown>) | undefined;
  close(): Promise<void>;
}

/** Standard output or standard error. */
export interface Output {
  readonly isTTY?: boolean;
  write(chunk: string | Uint8Array): unknown;
}

/** What one run of the command works with; `Services` is what its commands use once connected. */
export interface CliContext<Services extends CliServices = CliServices> {
  /** Opens the connections. @throws Unavailable nothing runs; the message says what to do */
  readonly connect: () => Promise<Services>;
  /** Adds the tasks and queues of the application to the register, for commands that need no server. */
  readonly openApplication: () => Promise<unknown>;
  /** Loads a backup into a database. */
  readonly restore: RestoreDatabase;
  /** Receives results only, so that they can be piped. */
  readonly stdout: Output;
  /** Receives progress and errors. */
  readonly stderr: Output;
  /** Form of what is printed, of errors as well. */
  readonly form: OutputForm;
  /** Environment variables that say whether the terminal takes colours. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths are resolved against. */
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs the work of a command, which resolves to its exit code. */
export type Run = (work: Promise<number>) => Promise<void>;

/** The command line is wrong; it is printed without a stack and ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The fault by field, where one field is at fault. */
  readonly fault: FieldFault | undefined;

  constructor(message: string, fault?: FieldFault) {
    super(message);
    this.fault = fault;
  }
}

/** Makes the error of one field. */
export function wrongField(fault: FieldFault): UsageError {
  return new UsageError(faultText(fault), fault);
}

/** The start of a job was refused, and nothing was started; the cause says why. */
export class Refused extends Error {
  override readonly name = 'Refused';
  override readonly cause: unknown;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.cause = cause;
  }
}

/** Waits for a start. @throws Refused nothing was started */
export async function starting<T>(start: Promise<T>): Promise<T> {
  try {
    return await start;
  } catch (error) {
    throw new Refused(error);
  }
}

/** Connects, runs the work and disconnects. Returns the exit code of the work. */
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
