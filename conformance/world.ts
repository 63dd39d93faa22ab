import type { Signature } from '../canvas/signature/signature.ts';
import type { CallReply, CallRequest } from '../canvas/model/request.ts';

/** Stores what tasks log, and how often each ran. */
export interface LogStore {
  append(key: string, text: string): void;
  count(task: string): void;
}

/** A log of one run, in memory. */
export interface MemoryLog extends LogStore {
  readonly logs: Readonly<Record<string, readonly string[]>>;
  readonly executed: Readonly<Record<string, number>>;
}

/** Creates an empty log. */
export function createMemoryLog(): MemoryLog {
  const logs: Record<string, string[]> = {};
  const executed: Record<string, number> = {};
  return {
    logs,
    executed,
    append: (key, text) => {
      (logs[key] ??= []).push(text);
    },
    count: (task) => {
      executed[task] = (executed[task] ?? 0) + 1;
    },
  };
}

/** An error that a task raises, with its name in Python. */
export class TaskError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Ends a task with neither a result nor an error. */
export class Signal extends Error {
  readonly reply: Extract<CallReply, { readonly kind: 'retry' | 'replace' }>;

  constructor(reply: Signal['reply']) {
    super(reply.kind);
    this.reply = reply;
  }
}

/** What a task receives besides its arguments. */
export interface Request {
  readonly call: CallRequest;
  readonly log: (key: unknown, value: unknown) => void;
  /**
   * Waits for some milliseconds.
   * @throws TaskError `SoftTimeLimitExceeded` when the limit comes first
   */
  readonly wait: (ms: number) => Promise<void>;
  readonly spawn: (canvas: Signature) => void;
  readonly addToChord: (canvas: Signature) => void;
}
