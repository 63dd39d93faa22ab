/** Options of a start of the stack, and the state that its steps share. */
import type { Config } from '../config/types.ts';
import type { ManagedProcess } from './processes/managed-process.ts';
import type { Reporter } from './reporter.ts';

/** A part of the stack. `temporal`, `postgres` and `inbox` are skipped when the configuration names a server. */
export type Component = 'temporal' | 'postgres' | 'inbox' | 'worker' | 'api';

/** A server that the processes of the stack reach over the network. */
export type ReachedServer = 'temporal' | 'postgres' | 'inbox';

/** A worker process to start. */
export interface WorkerSpec {
  /** Unique name, which is also the name of its log file. */
  readonly name: string;
  /** Name of a fleet of the product or of the application. */
  readonly fleet: string;
}

/** Options of {@link startStack}. All files are in `config.stateDir`; for port 0 the system chooses a free one. */
export interface StackOptions {
  readonly config: Config;
  readonly log: Reporter;
  /** Parts to start. @defaultValue all */
  readonly components?: readonly Component[];
  /** Worker processes. @defaultValue what the configurations of stack and application say of fleets */
  readonly workers?: readonly WorkerSpec[];
  /** Aborts a running start and stops the parts that were started. */
  readonly signal?: AbortSignal;
  /** Entry files that replace those of Perennial, for tests. */
  readonly entries?: { readonly inbox?: string; readonly worker?: string; readonly api?: string };
  /** The longest pause before a process that ended is started again, in milliseconds. @defaultValue 30,000 */
  readonly longestPauseMs?: number;
  /**
   * Gives the address under which inbox, workers and API reach a server, for proxies between them.
   * @defaultValue the server's own
   */
  readonly reach?: (server: ReachedServer, address: string) => Promise<string>;
  /** Settings of the PostgreSQL server, for example `{ fsync: 'off' }` in tests. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
}

/** State that the steps of a start share. */
export interface StackContext extends StackOptions {
  readonly has: (component: Component) => boolean;
  /** Processes started so far, in groups that start and stop together. */
  readonly groups: ManagedProcess[][];
}
