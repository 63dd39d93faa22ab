/** The shape of an audit, as API, CLI and client show it. Workflow code never imports it. */
import { z } from 'zod';
import { DIFFERENCE_KINDS } from './vocabulary.ts';

export const differenceSchema = z.object({
  kind: z.enum(DIFFERENCE_KINDS),
  id: z.string().describe('Id of the batch, import or task'),
  workflowId: z.string().describe('The run that it is about'),
  detail: z.string().describe('What was found'),
  remedy: z.string().describe('What to do'),
});

const count = z.int().min(0);

export const auditReportSchema = z.object({
  since: z.iso.datetime().describe('Runs that began before this time were not looked at'),
  at: z.iso.datetime().describe('When it was looked'),
  runs: z
    .object({
      accepted: count.describe('All runs that the server keeps'),
      alive: count,
      completed: count,
      failed: count.describe('Failed or timed out'),
      stopped: count.describe('Cancelled or terminated by somebody'),
      continued: count.describe('Went on as a new run, which is counted too'),
    })
    .describe('Runs by what became of them'),
  checked: z.object({
    failures: count.describe('Failed runs, each compared with the dead letters'),
    recent: count.describe('Failed runs that are so young that they may not be noted yet'),
    letters: count.describe('Open and lately redriven dead letters, each compared with its run'),
    rows: count.describe('Rows of running batches and imports, each compared with its run'),
  }),
  differences: z.array(differenceSchema),
  leftOff: count.describe('Differences beyond the limit'),
});

/**
 * Something that must not be, if nothing is lost.
 *
 * @example
 * ```ts
 * import type { AuditDifference } from './client/index.ts';
 *
 * const told = ({ kind, id, remedy }: AuditDifference): string => `${kind}: ${id}; ${remedy}`;
 * console.log((await perennial.audit.report()).differences.map(told).join('\n'));
 * ```
 */
export type AuditDifference = z.infer<typeof differenceSchema>;

/**
 * What an audit has found.
 *
 * @example
 * ```ts
 * import type { AuditReport } from './client/index.ts';
 *
 * const isWhole = ({ differences, leftOff }: AuditReport): boolean => differences.length + leftOff === 0;
 * console.log(isWhole(await perennial.audit.report()));
 * ```
 */
export type AuditReport = z.infer<typeof auditReportSchema>;
