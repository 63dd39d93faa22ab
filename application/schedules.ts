/** The schedules of an application: those of the product that it can run, and its own. */
import { worksOf, without } from '../contracts/pluggable.ts';
import { housekeepingWorkflows } from '../contracts/housekeeping/vocabulary.ts';
import type { NewSchedule, ScheduleDefinition } from '../contracts/schedules/vocabulary.ts';
import type { OpenApplication } from './open.ts';

/**
 * Returns the schedules that a sync writes to the server.
 *
 * @param product - those of the product; what belongs to a domain that the application does not have is left out
 */
export function schedulesOf(
  application: Pick<OpenApplication, 'domains' | 'schedules'>,
  product: readonly ScheduleDefinition[],
): readonly NewSchedule[] {
  const { domains, schedules } = application;
  const absent = new Set(without(domains).flatMap(worksOf));
  // It tells the administrator of changes by mail.
  if (!domains.includes('email')) absent.add(housekeepingWorkflows.healthCheck);
  return [...product.filter(({ target }) => !absent.has(nameOf(target))), ...schedules];
}

function nameOf(target: ScheduleDefinition['target']): string {
  if ('task' in target) return target.task;
  return 'workflow' in target ? target.workflow : '';
}
