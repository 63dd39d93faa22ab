import { isCancellation, log, workflowInfo } from '@temporalio/workflow';
import { ADMIN_RECIPIENT } from '../../contracts/email/vocabulary.ts';
import type { HealthChange, HealthReport } from '../../contracts/housekeeping/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { failureOf } from '../failures.ts';

/**
 * Checks the health of the installation and notifies the administrator when it becomes unhealthy and when it has
 * recovered: once for each change, not once for each check.
 * @throws ApplicationFailure with a type of the failure registry
 */
export async function healthCheck(): Promise<HealthReport> {
  const report = await tasks.housekeeping.checkHealth({ dryRun: false });
  const { changes } = await tasks.housekeeping.recordHealth({ checkId: workflowInfo().runId, report });
  await tellAll(changes);
  return report;
}

/** Mail that cannot leave now is tried again by the next check, with the same key: it arrives once. */
async function tellAll(changes: readonly HealthChange[]): Promise<void> {
  try {
    for (const change of changes) {
      await tasks.email.send({ messageKey: change.key, to: ADMIN_RECIPIENT, ...messageOf(change) });
      await tasks.housekeeping.healthTold({ key: change.key });
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The administrator could not be told about a change of health', { failure: failureOf(error).type });
  }
}

function messageOf({ from, report }: HealthChange): { readonly subject: string; readonly body: string } {
  const { status, timestamp, checks } = report;
  const lines = Object.entries(checks).map(([name, text]) => `  ${name}: ${text}`);
  const isBad = status === 'unhealthy';
  return {
    subject: isBad ? 'System Health Check Failed' : 'System Health Check Recovered',
    body: [`At ${timestamp} the system went from ${from} to ${status}.`, '', 'Checks:', ...lines, ''].join('\n'),
  };
}
