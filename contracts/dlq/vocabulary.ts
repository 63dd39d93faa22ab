/** The vocabulary of dead letters: work that will not be tried again by itself. */

/** What became of a dead letter that is no longer open. */
export const RESOLUTIONS = ['redriven', 'resolved', 'discarded'] as const;

/** One of {@link RESOLUTIONS}. */
export type Resolution = (typeof RESOLUTIONS)[number];

/** The same input is quarantined when it has failed so often in the same way. */
export const QUARANTINED_AFTER = 3;

/** Most calls of one canvas that become dead letters of their own. */
export const MOST_LETTERS_OF_RUN = 1_000;
