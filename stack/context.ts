/** What a start of the stack is asked for, and what its steps share. */
import type { Config } from '../config/types.ts';
import type { ManagedProcess } from './processes/managed-process.ts';
import type { Reporter } from './reporter.ts';

/** A part of the stack. `temporal`, `postgres` and `inbox` are skipped where the configuration names a server. */
export type Component = 'temporal' | 'postgres' | 'inbox' | 'worker' | 'api';

/** A worker process to start. */
export interface WorkerSpec {
  /** Unique; names its log file. */
  readonly name: string;
  readonly fleet: Config['worker']['fleet'];
}

/** What {@link startStack} needs. Everything lives in `config.stateDir`; ports set to 0 are chosen by the system. */
export interface StackOptions {
  readonly config: Config;
  readonly log: Reporter;
  /** Parts to start. @defaultValue all */
  readonly components?: readonly Component[];
  /** Worker processes. @defaultValue one worker with the fleet of the configuration */
  readonly workers?: readonly WorkerSpec[];
  /** Ends a start that is under way; what has been started is stopped again. */
  readonly signal?: AbortSignal;
  /** Other programs in place of ours, for tests. */
  readonly entries?: { readonly inbox?: string; readonly worker?: string; readonly api?: string };
  /** The longest pause before a process that ended is started again, in milliseconds. @defaultValue 30,000 */
  readonly longestPauseMs?: number;
  /** Settings of the PostgreSQL server, for example `{ fsync: 'off' }` in tests. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
}

/** What the steps of a start share. */
export interface StackContext extends StackOptions {
  readonly has: (component: Component) => boolean;
  /** Started so far; what starts together stops together. */
  readonly groups: ManagedProcess[][];
}
