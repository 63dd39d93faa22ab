/** Runs the command line in this process, over fakes. */
import type { PerennialClient } from '../../../client/index.ts';
import { confinePath } from '../../../services/files/confine.ts';
import { runCli, type AllServices } from '../../../cli/program.ts';
import type { CliContext } from '../../../cli/terminal/context.ts';
import { memoryLedger, type MemoryLedger } from './schedules.ts';
import type { MemoryImports } from './imports.ts';
import { memoryReports, type MemoryReports } from './reports.ts';
import { memoryBlobs, type MemoryBlobs } from './blobs.ts';
import { fakeClient, type FakeClient } from './client.ts';
import { closedRows, memoryBatches, memoryDocuments, type MemoryBatches, type MemoryDocuments } from './documents.ts';

export interface TestCli {
  readonly client: FakeClient;
  readonly documents: MemoryDocuments;
  readonly batches: MemoryBatches;
  readonly imports: MemoryImports;
  readonly reports: MemoryReports;
  readonly scheduleLedger: MemoryLedger;
  readonly blobs: MemoryBlobs;
  /** Files and addresses that were restored. */
  readonly restored: (readonly [file: string, url: string])[];
  /** Thrown by the next connect. */
  unreachable: Error | undefined;
  apiUrl: string;
  /** Environment variables about colours. */
  env: Readonly<Record<string, string>>;
  /** Folders that the stack of this machine allows; `undefined` for a stack elsewhere. */
  documentRoots: readonly string[] | undefined;
  readonly interrupt: AbortController;
  run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
}

const confinedTo = (roots: readonly string[]) => (file: string) => confinePath(file, roots);

/**
 * A command line over fresh fakes.
 *
 * @param terminal - what its outputs claim to be
 * @param real - jobs of a client that are no fakes
 */
export function testCli(terminal = false, cwd = process.cwd(), real: Partial<PerennialClient> = {}): TestCli {
  const client = Object.assign(fakeClient(), real);
  const documents = memoryDocuments();
  const batches = memoryBatches();
  const { memory: imports } = client.imports;
  const reports = memoryReports();
  const scheduleLedger = memoryLedger();
  const blobs = memoryBlobs();
  const restored: TestCli['restored'] = [];
  const interrupt = new AbortController();
  const cli: TestCli = {
    client,
    documents,
    batches,
    imports,
    reports,
    scheduleLedger,
    blobs,
    restored,
    unreachable: undefined,
    apiUrl: 'http://127.0.0.1:1',
    env: {},
    documentRoots: undefined,
    interrupt,
    run: async (...args) => {
      const written = { stdout: '', stderr: '' };
      const output = (name: 'stdout' | 'stderr'): CliContext['stdout'] => ({
        isTTY: terminal,
        write: (chunk) =>
          void (written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1')),
      });
      const services: AllServices = {
        client,
        documents,
        batches,
        batchRows: closedRows(batches),
        email: { counts: () => Promise.resolve({ sent: 0, failed: 0, duplicates: 0, deferred: 0 }) },
        reports,
        scheduleLedger,
        blobs,
        apiUrl: cli.apiUrl,
        ...(cli.documentRoots === undefined ? {} : { requireReadable: confinedTo(cli.documentRoots) }),
        apiKey: undefined,
        close: () => client.close(),
      };
      const connect = () =>
        cli.unreachable === undefined ? Promise.resolve(services) : Promise.reject(cli.unreachable);
      const code = await runCli(args, {
        connect,
        openApplication: () => Promise.resolve(),
        restore: (file, url) => {
          restored.push([file, url]);
          return Promise.resolve({ tables: 9, rows: 12, createdAt: '2026-01-01T00:00:00.000Z', migrated: [] });
        },
        stdout: output('stdout'),
        stderr: output('stderr'),
        env: cli.env,
        cwd,
        signal: interrupt.signal,
      });
      return { code, ...written };
    },
  };
  return cli;
}
