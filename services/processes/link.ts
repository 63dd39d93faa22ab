/** The connection to one runner of either kind. */
import type { FromRunner, ToRunner } from './messages.ts';
import type { RunnerEnd } from './port.ts';

/** Events of a link. */
export interface LinkEvents {
  readonly onMessage: (message: FromRunner) => void;
  /** The runner accepts no more work; `onEnd` reports the reason, possibly a moment later. */
  readonly onGone: () => void;
  /** The runner has ended or is unusable. Called at least once. */
  readonly onEnd: (end: RunnerEnd) => void;
}

/** Carries messages to a runner. */
export interface Link {
  /** Process id of a child process. */
  readonly pid: number | undefined;
  /** Settles when the runner has ended completely. */
  readonly ended: Promise<void>;
  send(message: ToRunner, transfer: readonly ArrayBuffer[]): void;
  /** Ends the runner at once, whatever it is doing. */
  kill(): void;
  /** Tells the link whether the runner has work; an idle runner must not keep the event loop of its parent alive. */
  setBusy(busy: boolean): void;
}
