/** The vocabulary of dead letters: work that will not be tried again by itself. */

/** What became of a dead letter that is no longer open. */
export const RESOLUTIONS = ['redriven', 'resolved', 'discarded'] as const;

/** One of {@link RESOLUTIONS}. */
export type Resolution = (typeof RESOLUTIONS)[number];

/** What may have been done about a failed run; `refused` is a redrive that could not be started. */
export const DEAD_LETTER_EVENTS = [...RESOLUTIONS, 'refused'] as const;

/** The same input is quarantined when it has failed so often in the same way. */
export const QUARANTINED_AFTER = 3;

/** Most calls of one canvas that become dead letters of their own. */
export const MOST_LETTERS_OF_RUN = 1_000;

/** Names of the workflows; each key equals its name. */
export const deadLetterWorkflows = { redriveLetters: 'redriveLetters' } as const;

/** Names of the messages that a redrive of many letters handles. */
export const redriveMessages = { pause: 'pause', resume: 'resume', abort: 'abort' } as const;

/** Name of the memo field in which such a redrive tells what it does, also when it is over and no worker runs. */
export const REDRIVES_MEMO = 'redrives';

/** Most refused runs, and most interventions, that such a redrive names; it counts all. The letters keep each reason. */
export const MOST_NAMED = 50;

/** Most runs that one attempt starts again: those of about a second, so that a pause takes effect soon. */
export const MOST_AT_ONCE = 50;

/** How far a redrive of many letters is. */
export interface RedriveProgress {
  /** ISO time of its beginning. */
  readonly startedAt: string;
  readonly paused: boolean;
  readonly aborted: boolean;
  /** Runs that were started again. */
  readonly done: number;
  /** Runs that are still to be started; `null` before the first ones. */
  readonly left: number | null;
  /** Runs that could not be started; their letters stay open. */
  readonly failed: number;
  /** Runs that somebody else was redriving at the same time. */
  readonly taken: number;
  /** Letters that were left out because they are in quarantine. */
  readonly quarantined: number;
  /** The first runs that could not be started, and why. */
  readonly reasons: readonly { readonly workflowId: string; readonly reason: string }[];
  /** Who paused, resumed or aborted it, the oldest first; the last 50. */
  readonly interventions: readonly {
    readonly what: keyof typeof redriveMessages;
    readonly by: string;
    readonly at: string;
  }[];
}
