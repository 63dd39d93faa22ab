import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { type CliContext, withServices } from '../terminal/context.ts';
import { print, printList } from '../terminal/output.ts';

/** Options of `perennial audit`. */
export interface AuditCommandOptions {
  readonly since?: string;
  /** Seconds. */
  readonly grace: number;
  readonly limit: number;
}

/** `perennial audit`: what became of all jobs, and every difference. */
export function audit(context: CliContext, { since, grace, limit }: AuditCommandOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const report = await client.audit.report({ since, graceSeconds: grace, limit, signal: context.signal });
    const { runs, checked, differences, leftOff } = report;
    if (context.form === 'table') {
      print(context, `${runs.accepted} runs since ${report.since}`);
      print(
        context,
        `  ${runs.completed} completed, ${runs.alive} alive, ${runs.failed} failed, ${runs.stopped} stopped, ${runs.continued} continued`,
      );
      print(
        context,
        `compared: ${checked.failures} failures, ${checked.letters} letters, ${checked.rows} rows; ${checked.recent} too recent`,
      );
      if (differences.length === 0) print(context, 'no differences: nothing is lost');
    }
    if (differences.length > 0 || context.form !== 'table')
      printList(context, {
        rows: differences,
        page: report,
        head: ['difference', 'id', 'what was found', 'what to do'],
        cells: ({ kind, id, detail, remedy }) => [kind, id, detail, remedy],
      });
    if (context.form === 'table' && leftOff > 0) print(context, `… and ${leftOff} more; --limit names more`);
    return differences.length + leftOff === 0 ? exitCodes.ok : exitCodes.failed;
  });
}
