/** The vocabulary of audits: what must not be, if nothing is lost. */

/** Each kind of difference, with what to do about it. */
export const auditRemedies = {
  'row without a run':
    'The server has lost or deleted the run. Start the work again under the same id, then look again.',
  'row of an ended run': 'Run `perennial housekeeping reconcileRuns`: it closes the row.',
  'failure without a letter':
    'Start a worker: it notes failures. A run that failed before dead letters were kept is told here until the server forgets it.',
  'letter of a run that succeeded': 'Close it: `perennial dlq resolve ID --reason "succeeded afterwards"`.',
  'redriven letter without a run': 'Look for the run in a backup of the server, or start the task again by hand.',
} as const satisfies Readonly<Record<string, string>>;

/** A kind of difference. */
export type DifferenceKind = keyof typeof auditRemedies;

/** All kinds. */
export const DIFFERENCE_KINDS = Object.keys(auditRemedies) as [DifferenceKind, ...DifferenceKind[]]; // the table has no other keys

/** Longest time that an audit looks back, in days: as long as records are kept. */
export const MOST_AUDIT_DAYS = 30;
