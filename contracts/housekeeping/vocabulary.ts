/** The vocabulary of the housekeeping domain: names of tasks and workflows, ids, and health states. */

/** Names of the housekeeping tasks, without the prefix of the domain. */
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

/** The name of a housekeeping task. */
export type HousekeepingTaskName = (typeof HOUSEKEEPING_TASKS)[number];

/** Celery names that differ from the names here by more than their spelling. */
const ALIASES: Readonly<Record<string, HousekeepingTaskName>> = {
  healthCheck: 'checkHealth',
  sunriseTask: 'sunrise',
};

/**
 * Finds a task by any of its names: ours (`cleanupTempFiles`, also with the
 * domain before it), the command line's (`cleanup-temp-files`) and Celery's
 * (`cleanup_temp_files` of whatever module: `monitoring_tasks.health_check`
 * and `cleanup_tasks.health_check` are one task).
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

/** The id of the workflow that is queried to check that workflow workers run. */
export const PING_WORKFLOW_ID = 'housekeeping-ping';

const PREFIX = 'housekeeping-';

/** Returns the workflow id of one run of a task. */
export function housekeepingWorkflowId(task: HousekeepingTaskName, key: string): string {
  return `${PREFIX}${task}-${key}`;
}

/** Parses an id of {@link housekeepingWorkflowId}; `undefined` for an id of another domain. */
export function parseHousekeepingWorkflowId(id: string): { task: HousekeepingTaskName; key: string } | undefined {
  const task = HOUSEKEEPING_TASKS.find((name) => id.startsWith(`${PREFIX}${name}-`));
  return task === undefined ? undefined : { task, key: id.slice(PREFIX.length + task.length + 1) };
}

/** Health of the installation; the worst check decides. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export const HEALTH_STATUSES = ['healthy', 'degraded', 'unhealthy'] as const satisfies readonly HealthStatus[];

/** Result of a health check: `ok`, `ok (2 workers)`, `ok: 61.2% free`, `warning: no workers`, `error: connection refused`. */
export type CheckText = 'ok' | `ok (${string})` | `ok: ${string}` | `warning: ${string}` | `error: ${string}`;

/** Derives the health from results of checks, such as `ok`, `warning: 8.0% free` and `error: connection refused`. */
export function healthStatusOf(checks: Readonly<Record<string, string>>): HealthStatus {
  const texts = Object.values(checks);
  if (texts.some((text) => text.startsWith('error'))) return 'unhealthy';
  return texts.every((text) => text.startsWith('ok')) ? 'healthy' : 'degraded';
}
