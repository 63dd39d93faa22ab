/** The attempt that a log entry is about. */
export interface TaskIdentity {
  readonly taskName: string;
  /** Id of the call; of a task that another workflow calls, workflow id and activity id. */
  readonly taskId: string;
  readonly workflowId?: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
}

/** Logs one attempt, without contents or personal data. */
export interface AttemptLog {
  started(input: unknown): void;
  succeeded(output: unknown): void;
  failed(error: unknown, willRetry: boolean): void;
  revoked(reason: string): void;
}
