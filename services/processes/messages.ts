/** What a pool and its runners tell each other. Tasks and values are the business of whoever uses the pool. */
import type { FailureType } from '../../contracts/failures.ts';

/** To a runner. */
export type ToRunner =
  | {
      readonly kind: 'job';
      readonly id: number;
      readonly task: unknown;
      /** Bytes that the answer and all calls of this job may have together. */
      readonly maxOutputBytes: number;
    }
  /** The answer to a call that the runner has made while it does a job. */
  | { readonly kind: 'reply'; readonly call: number; readonly value: unknown };

/** From a runner. */
export type FromRunner =
  | { readonly kind: 'ready' }
  /** The job begins: its time is counted from here, not from when it was sent to a runner that is slow to take it. */
  | { readonly kind: 'started'; readonly id: number }
  /** Which process works on the runner's behalf, so that its memory is counted too; 0 when it has ended. */
  | { readonly kind: 'helper'; readonly pid: number }
  /** The job asks its pool for something, and waits for the reply. */
  | { readonly kind: 'call'; readonly id: number; readonly call: number; readonly request: unknown }
  | ({ readonly kind: 'done'; readonly id: number; readonly value: unknown } & AnswerFacts)
  /** A failure of the registry. */
  | ({
      readonly kind: 'failed';
      readonly id: number;
      readonly type: FailureType;
      readonly message: string;
    } & AnswerFacts)
  /** An error that nobody foresaw, by its name alone: its message may quote the input. */
  | { readonly kind: 'unforeseen'; readonly id: number; readonly name: string }
  /** The job has given more than it may. */
  | { readonly kind: 'overflow'; readonly id: number };

/** What each answer tells beside its value. */
export interface AnswerFacts {
  /** Memory that the runner holds: of a process all of it, of a thread its own heap and buffers. */
  readonly memoryBytes: number;
  /** How long the work took inside the runner, in milliseconds. */
  readonly workMs: number;
}
