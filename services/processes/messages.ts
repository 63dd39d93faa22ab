/** Messages between a pool and its runners. The user of the pool defines tasks and values. */
import type { FailureType } from '../../contracts/failures.ts';

/** A message to a runner. */
export type ToRunner =
  | {
      readonly kind: 'job';
      readonly id: number;
      readonly task: unknown;
      /** Most bytes that the answer and all calls of this job may have together. */
      readonly maxOutputBytes: number;
    }
  /** The reply to a call that the runner made during a job. */
  | { readonly kind: 'reply'; readonly call: number; readonly value: unknown };

/** A message from a runner. */
export type FromRunner =
  /** The runner can take jobs; before the first one it holds this memory, in bytes. */
  | { readonly kind: 'ready'; readonly memoryBytes: number }
  /**
   * The job begins. Its time is counted from here rather than from sending, because a runner may be slow to take it.
   */
  | { readonly kind: 'started'; readonly id: number }
  /** Names the process that works for the runner, so that its memory is counted too; 0 when it has ended. */
  | { readonly kind: 'helper'; readonly pid: number }
  /** The job makes a request to its pool and waits for the reply. */
  | { readonly kind: 'call'; readonly id: number; readonly call: number; readonly request: unknown }
  | ({ readonly kind: 'done'; readonly id: number; readonly value: unknown } & AnswerFacts)
  /** A failure from the registry. */
  | ({
      readonly kind: 'failed';
      readonly id: number;
      readonly type: FailureType;
      readonly message: string;
    } & AnswerFacts)
  /** An unexpected error, by name only, because its message may quote the input. */
  | { readonly kind: 'unforeseen'; readonly id: number; readonly name: string }
  /** The job produced more output than allowed. */
  | { readonly kind: 'overflow'; readonly id: number };

/** Measurements that accompany each answer. */
export interface AnswerFacts {
  /** Memory that the runner holds in bytes: all of a process, or the heap and buffers of a thread. */
  readonly memoryBytes: number;
  /** Time that the work took inside the runner, in milliseconds. */
  readonly workMs: number;
}
