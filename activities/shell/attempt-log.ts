/** The attempt that a log entry is about. */
export interface TaskIdentity {
  readonly taskName: string;
  /** Id of the call; of a task that another workflow calls, workflow id and activity id. */
  readonly taskId: string;
  readonly workflowId?: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
}

/** Fields of a line, beside its message. Values under names such as `password` or `email` are hidden. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What a body writes itself. */
export interface BodyLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Logs one attempt, without contents or personal data. */
export interface AttemptLog {
  started(input: unknown): void;
  succeeded(output: unknown): void;
  /**
   * @param retryInMs - delay before the next attempt; `undefined` when there is none, or the server chooses it
   */
  failed(error: unknown, willRetry: boolean, retryInMs?: number): void;
  /** @param cause - what has ended the attempt from outside */
  revoked(cause: string): void;
  readonly body: BodyLog;
}
