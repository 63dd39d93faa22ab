/** The vocabulary of the housekeeping domain: its tasks as people name them, workflows, ids and states of health. */

/** Tasks that keep the house clean, without the name of the domain before them. */
export const HOUSEKEEPING_TASKS = [
  'cleanupTempFiles',
  'cleanupOldOcrResults',
  'cleanupOldFiles',
  'cleanupResults',
  'vacuumDatabase',
  'backupDatabase',
  'checkDiskSpace',
  'monitorQueueLengths',
  'checkHealth',
  'reconcileRuns',
  'sunrise',
] as const;

/** The name of a task that keeps the house clean. */
export type HousekeepingTaskName = (typeof HOUSEKEEPING_TASKS)[number];

/** Names that Celery applications know and that differ from ours by more than their spelling (P3-08). */
const ALIASES: Readonly<Record<string, HousekeepingTaskName>> = {
  healthCheck: 'checkHealth',
  sunriseTask: 'sunrise',
};

/**
 * Finds a task by any of its names: ours (`cleanupTempFiles`, also with the
 * domain before it), the command line's (`cleanup-temp-files`) and Celery's
 * (`cleanup_temp_files` of whatever module: `monitoring_tasks.health_check`
 * and `cleanup_tasks.health_check` are one task, P3-08).
 */
export function findHousekeepingTask(name: string): HousekeepingTaskName | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const camel = last.replaceAll(/[-_]([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return (
    HOUSEKEEPING_TASKS.find((task) => task === camel) ?? (Object.hasOwn(ALIASES, camel) ? ALIASES[camel] : undefined)
  );
}

/** Names under which the workflows of this domain are started. */
export const housekeepingWorkflows = { healthCheck: 'healthCheck', ping: 'ping' } as const;

/** The id of the one workflow that is asked whether workers live. */
export const PING_WORKFLOW_ID = 'housekeeping-ping';

const PREFIX = 'housekeeping-';

/** The workflow id of one run of a task. */
export function housekeepingWorkflowId(task: HousekeepingTaskName, key: string): string {
  return `${PREFIX}${task}-${key}`;
}

/** The reverse of {@link housekeepingWorkflowId}; `undefined` for an id of another domain. */
export function parseHousekeepingWorkflowId(id: string): { task: HousekeepingTaskName; key: string } | undefined {
  const task = HOUSEKEEPING_TASKS.find((name) => id.startsWith(`${PREFIX}${name}-`));
  return task === undefined ? undefined : { task, key: id.slice(PREFIX.length + task.length + 1) };
}

/** How the whole installation is (HEALTH-6): the worst check decides. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export const HEALTH_STATUSES = ['healthy', 'degraded', 'unhealthy'] as const satisfies readonly HealthStatus[];

/** What a check of health says: `ok`, `ok (2 workers)`, `ok: 61.2% free`, `warning: no workers`, `error: connection refused`. */
export type CheckText = 'ok' | `ok (${string})` | `ok: ${string}` | `warning: ${string}` | `error: ${string}`;

/** The verdict over check texts such as `ok`, `warning: 8.0% free` and `error: connection refused`. */
export function healthStatusOf(checks: Readonly<Record<string, string>>): HealthStatus {
  const texts = Object.values(checks);
  if (texts.some((text) => text.startsWith('error'))) return 'unhealthy';
  return texts.every((text) => text.startsWith('ok')) ? 'healthy' : 'degraded';
}
