/** The interface of audits. */
import type { AuditDifference, AuditReport } from '../../contracts/audit/schema.ts';
import type { AuditRecords } from '../../services/audit/port.ts';

export type { AuditDifference, AuditRecords, AuditReport };

/**
 * What an audit may be told.
 *
 * @example
 * ```ts
 * import type { AuditOptions } from './client/index.ts';
 *
 * const today: AuditOptions = { since: '2026-11-29T00:00:00Z' };
 * console.log((await perennial.audit.report(today)).differences);
 * ```
 */
export interface AuditOptions {
  /** ISO time; runs that began before are left out. @defaultValue 30 days ago, and never longer ago */
  readonly since?: string | undefined;
  /** Age in seconds from which a difference counts: what is younger may be on its way. @defaultValue 60 */
  readonly graceSeconds?: number | undefined;
  /** Most differences that are named; the others are counted. @defaultValue 1,000 */
  readonly limit?: number | undefined;
  /** Ends the audit. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Audits: proves that each job that was accepted is finished, alive or a dead letter, and names every difference. It reads
 * runs, rows and letters page by page and changes nothing. A client without `auditRecords` refuses with `InvalidInput`.
 *
 * @example
 * ```ts
 * const { runs, differences } = await perennial.audit.report();
 * console.log(`${runs.accepted} runs, ${differences.length} differences`);
 * ```
 */
export interface AuditJobs {
  /** @throws InvalidInput, Unavailable */
  report(options?: AuditOptions): Promise<AuditReport>;
}
