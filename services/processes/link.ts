/** The connection to one runner, whichever kind it is of. */
import type { FromRunner, ToRunner } from './messages.ts';
import type { RunnerEnd } from './port.ts';

/** What a link tells. */
export interface LinkEvents {
  readonly onMessage: (message: FromRunner) => void;
  /** The runner takes no more work; why is told by `onEnd`, perhaps a moment later. */
  readonly onGone: () => void;
  /** The runner has ended, or is of no more use. Told at least once. */
  readonly onEnd: (end: RunnerEnd) => void;
}

/** A runner as a transport of messages. */
export interface Link {
  /** Process id of a child process. */
  readonly pid: number | undefined;
  /** Settles when nothing of the runner is left. */
  readonly ended: Promise<void>;
  send(message: ToRunner, transfer: readonly ArrayBuffer[]): void;
  /** Ends the runner at once, whatever it does. */
  kill(): void;
  /** Says whether the runner has work: one without must not keep the event loop of its parent alive. */
  setBusy(busy: boolean): void;
}
