/** Which attempt of which task a log speaks of. */
export interface TaskIdentity {
  readonly taskName: string;
  /** Workflow id and activity id. */
  readonly taskId: string;
  readonly workflowId?: string;
  /** From 1. */
  readonly attempt: number;
}

/** The log of one attempt (LOG-1); it keeps contents and personal data out. */
export interface AttemptLog {
  started(input: unknown): void;
  succeeded(output: unknown): void;
  failed(error: unknown, willRetry: boolean): void;
  revoked(reason: string): void;
}
