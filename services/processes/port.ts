/**
 * What whoever uses the pool says and is told. A *runner* is a child process or
 * a thread that does one job at a time and can be killed in the middle of it.
 */
import type { ResourceLimits } from 'node:worker_threads';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';

/** A child process of its own process group. It runs a TypeScript module that calls `serve`. */
export interface ChildKind {
  readonly kind: 'child';
  readonly entry: URL;
  /** Plain data that `serve` gets once; it stands on the command line, so it holds no secrets. */
  readonly settings?: object;
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names of variables that it inherits, beside paths and temporary folders. */
  readonly inherits?: readonly string[];
}

/** A thread of this process. It runs a TypeScript module that calls `serve`. */
export interface ThreadKind {
  readonly kind: 'thread';
  readonly entry: URL;
  /** Plain data that `serve` gets once. */
  readonly settings?: object;
  /** Sizes of its heap; a thread that needs more is ended. */
  readonly heap: ResourceLimits;
}

/** How a runner is made. */
export type RunnerKind = ChildKind | ThreadKind;

/** Limits of one job. Whatever exceeds one ends its runner, except the output, which only fails. */
export interface JobLimits {
  /** Milliseconds of work, counted from when a runner begins it; while its calls are answered, none pass. @defaultValue none */
  readonly timeMs?: number;
  /** Megabytes that a child process and its helpers may hold; threads are limited by their heap. @defaultValue none */
  readonly memoryMb?: number;
  /** Bytes of its answer and of its calls together. @defaultValue 256 MB */
  readonly outputBytes?: number;
}

/** When a runner is replaced although it works. */
export interface Recycling {
  /** After so many jobs. @defaultValue never */
  readonly afterJobs?: number;
  /** When it holds more than so many megabytes after a job. @defaultValue never */
  readonly aboveMb?: number;
}

/** How a pool is made. */
export interface PoolSettings {
  readonly runner: RunnerKind;
  /** Runners, and thus jobs, at once. */
  readonly size: number;
  readonly limits?: JobLimits;
  readonly recycling?: Recycling;
  /** A runner that nobody needs for so long is ended, in milliseconds. @defaultValue never */
  readonly idleMs?: number;
  /** Makes the error that a job fails with when it did not come to its answer. */
  readonly failure: (end: RunnerEnd) => Error;
  /** Told how long the work of each answered job took inside its runner, in milliseconds. */
  readonly onAnswer?: (workMs: number) => void;
}

/** A reply to a call of a runner, with the memory that is handed over with it. */
export interface Reply {
  readonly value: unknown;
  readonly transfer?: readonly ArrayBuffer[];
}

/** What may go with a job. */
export interface JobOptions {
  /** Memory that is handed over to a thread; a child process gets a copy. */
  readonly transfer?: readonly ArrayBuffer[];
  /** Answers the calls that the job makes. When it throws, the job fails with that error and its runner is ended. */
  readonly onCall?: (request: unknown) => Promise<Reply>;
}

/** A job by its kind, which decides the type of its result. */
export interface KindOfTask {
  readonly kind: string;
}

/** Why a job has no answer. */
export type RunnerEnd =
  /** The runner has ended by itself, or somebody killed it. */
  | {
      readonly kind: 'exit';
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      /** What the runtime said last of a fatal error, such as a full heap; never what the job said. */
      readonly fatal: string | undefined;
    }
  | { readonly kind: 'notStarted' }
  | { readonly kind: 'notReady'; readonly limitMs: number }
  | { readonly kind: 'unreachable' }
  /** An error that nobody foresaw, by its name. */
  | { readonly kind: 'unforeseen'; readonly name: string }
  /** The heap of a thread is full. */
  | { readonly kind: 'heap'; readonly limitMb: number }
  | { readonly kind: 'memory'; readonly limitMb: number; readonly bytes: number }
  | { readonly kind: 'time'; readonly limitMs: number }
  | { readonly kind: 'output'; readonly limitBytes: number }
  /** The pool was closed. */
  | { readonly kind: 'closed' };

/** Says in words how a runner came to its end, to go on after `but`: `it was ended by SIGKILL`. */
export function describeEnd(end: RunnerEnd): string {
  switch (end.kind) {
    case 'exit': {
      const how = end.signal === null ? `it ended with code ${String(end.code)}` : `it was ended by ${end.signal}`;
      return end.fatal === undefined ? how : `${how} (${end.fatal})`;
    }
    case 'notStarted':
      return 'it could not be started';
    case 'notReady':
      return `it did not get ready within ${end.limitMs} ms`;
    case 'unreachable':
      return 'it could not be reached';
    case 'unforeseen':
      return `it met an unforeseen ${end.name}`;
    case 'heap':
      return `it needed a heap of more than ${end.limitMb} MB`;
    case 'memory':
      return `it took ${Math.round(end.bytes / BYTES_PER_MB)} MB, more than ${end.limitMb} MB`;
    case 'time':
      return `it took longer than ${end.limitMs} ms`;
    case 'output':
      return `it gave more than ${end.limitBytes} bytes`;
    case 'closed':
      return 'it was closed';
  }
}
