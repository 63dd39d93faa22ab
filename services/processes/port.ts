/**
 * The interface of the pool. A *runner* is a child process or a thread that runs one job at a time and can be killed in
 * the middle of it.
 */
import type { ResourceLimits } from 'node:worker_threads';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** A child process with its own process group that runs a TypeScript module which calls `serve`. */
export interface ChildKind {
  readonly kind: 'child';
  readonly entry: URL;
  /** Plain data that `serve` receives once. It appears on the command line, so it must not hold secrets. */
  readonly settings?: object;
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names of environment variables to inherit, besides paths and temporary folders. */
  readonly inherits?: readonly string[];
}

/** A thread of this process that runs a TypeScript module which calls `serve`. */
export interface ThreadKind {
  readonly kind: 'thread';
  readonly entry: URL;
  /** Plain data that `serve` receives once. */
  readonly settings?: object;
  /** Sizes of its heap; a thread that needs more is ended. */
  readonly heap: ResourceLimits;
}

/** The kind of a runner. */
export type RunnerKind = ChildKind | ThreadKind;

/** Limits of one job. Exceeding one ends the runner, except the output limit, which only fails the job. */
export interface JobLimits {
  /**
   * Milliseconds of work, counted from when a runner begins it; waiting for replies to calls is not counted.
   * @defaultValue none
   */
  readonly timeMs?: number;
  /**
   * Megabytes that a child process and its helpers may hold, apart from what the process kept from earlier jobs;
   * threads are limited by their heap.
   * @defaultValue none
   */
  readonly memoryMb?: number;
  /**
   * Bytes of the answer and the calls together.
   * @defaultValue 256 MB
   */
  readonly outputBytes?: number;
}

/** When a working runner is replaced. */
export interface Recycling {
  /**
   * Number of jobs after which it is replaced.
   * @defaultValue never
   */
  readonly afterJobs?: number;
  /**
   * Megabytes after a job above which it is replaced.
   * @defaultValue never
   */
  readonly aboveMb?: number;
  /**
   * Runs a job once more in a new runner when it hit the limit of time or memory in one that had worked before, so that
   * the outcome of a job does not depend on the jobs before it.
   * @defaultValue false
   */
  readonly afterLimit?: boolean;
}

/** Settings of a pool. */
export interface PoolSettings {
  readonly runner: RunnerKind;
  /** Number of runners, and so of concurrent jobs. */
  readonly size: number;
  readonly limits?: JobLimits;
  readonly recycling?: Recycling;
  /**
   * Time without work after which a runner is ended, in milliseconds.
   * @defaultValue never
   */
  readonly idleMs?: number;
  /** Builds the error of a job that ended without an answer. */
  readonly failure: (end: RunnerEnd) => Error;
  /** Called with the time that the work of each answered job took inside its runner, in milliseconds. */
  readonly onAnswer?: (workMs: number) => void;
}

/** A reply to a call of a runner, with the memory to transfer. */
export interface Reply {
  readonly value: unknown;
  readonly transfer?: readonly ArrayBuffer[];
}

/** Options of one job. */
export interface JobOptions {
  /** Memory to transfer to a thread; a child process receives a copy. */
  readonly transfer?: readonly ArrayBuffer[];
  /** Answers the calls of the job. When it throws, the job fails with that error and its runner is ended. */
  readonly onCall?: (request: unknown) => Promise<Reply>;
}

/** A job by its kind, which decides the type of its result. */
export interface KindOfTask {
  readonly kind: string;
}

/** Why a job has no answer. */
export type RunnerEnd =
  /** The runner ended by itself or was killed from outside. */
  | {
      readonly kind: 'exit';
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      /** Last line of the runtime about a fatal error, such as a full heap; never output of the job. */
      readonly fatal: string | undefined;
    }
  | { readonly kind: 'notStarted' }
  | { readonly kind: 'notReady'; readonly limitMs: number }
  | { readonly kind: 'unreachable' }
  /** An unexpected error, by name. */
  | { readonly kind: 'unforeseen'; readonly name: string }
  /** The heap of a thread is full. */
  | { readonly kind: 'heap'; readonly limitMb: number }
  | { readonly kind: 'memory'; readonly limitMb: number; readonly bytes: number }
  | { readonly kind: 'time'; readonly limitMs: number }
  | { readonly kind: 'output'; readonly limitBytes: number }
  /** The pool was closed. */
  | { readonly kind: 'closed' };

/** Describes how a runner ended, as a clause that follows `but`: `it was ended by SIGKILL`. */
export function describeEnd(end: RunnerEnd): string {
  switch (end.kind) {
    case 'exit': {
      const how = end.signal === null ? `it ended with code ${String(end.code)}` : `it was ended by ${end.signal}`;
      return end.fatal === undefined ? how : `${how} (${end.fatal})`;
    }
    case 'notStarted':
      return 'it could not be started';
    case 'notReady':
      return `it was not ready within ${end.limitMs} ms`;
    case 'unreachable':
      return 'it could not be reached';
    case 'unforeseen':
      return `it failed with an unexpected ${end.name}`;
    case 'heap':
      return `it needed a heap of more than ${end.limitMb} MB`;
    case 'memory':
      return `it took ${Math.round(end.bytes / BYTES_PER_MB)} MB, more than ${end.limitMb} MB`;
    case 'time':
      return `it took longer than ${end.limitMs} ms`;
    case 'output':
      return `it produced more than ${end.limitBytes} bytes`;
    case 'closed':
      return 'it was closed';
  }
}
