/** Read-only tasks about disks, queues and health. */
import { healthStatusOf } from '../../contracts/housekeeping/vocabulary.ts';
import type {
  CheckDiskSpaceOutput,
  HealthReport,
  MonitorQueueLengthsOutput,
} from '../../contracts/housekeeping/schema.ts';
import type { QueueLength } from '../../services/housekeeping/port.ts';
import { megabytes, oneDecimal } from './figures.ts';
import type { HousekeepingPorts } from './ports.ts';

/** Reports the free space of the disks. */
export async function checkDiskSpace({ disks, settings }: HousekeepingPorts): Promise<CheckDiskSpaceOutput> {
  const minimum = settings.diskMinFreePercent;
  const folders = (await disks.measure()).map(({ name, freePercent, freeBytes, totalBytes }) => ({
    name,
    free_percent: oneDecimal(freePercent),
    free_mb: megabytes(freeBytes),
    total_mb: megabytes(totalBytes),
    status: freePercent < minimum ? ('warning' as const) : ('ok' as const),
  }));
  return { status: worst(folders), min_free_percent: minimum, folders };
}

/** Reports the length of each queue and how many workers poll it. */
export async function monitorQueueLengths({ queues, settings }: HousekeepingPorts): Promise<MonitorQueueLengthsOutput> {
  return describeQueues(await queues.lengths(), settings.queueWarnLength);
}

/** Says of each queue whether too much waits there. */
export function describeQueues(found: readonly QueueLength[], warnLength: number): MonitorQueueLengthsOutput {
  const lengths = found.map(({ queue, length, oldestSeconds, workers }) => ({
    queue,
    length,
    oldest_seconds: oneDecimal(oldestSeconds),
    workers,
    status: isStanding({ length, workers }) || length > warnLength ? ('warning' as const) : ('ok' as const),
  }));
  const total = lengths.reduce((sum, { length }) => sum + length, 0);
  return { status: worst(lengths), warn_length: warnLength, total, queues: lengths };
}

/** Tells whether a queue has tasks but no worker. */
function isStanding({ length, workers }: Pick<QueueLength, 'length' | 'workers'>): boolean {
  return length > 0 && workers === 0;
}

function worst(parts: readonly { readonly status: 'ok' | 'warning' }[]): 'ok' | 'warning' {
  return parts.some(({ status }) => status === 'warning') ? 'warning' : 'ok';
}

/** Runs all health checks and reports their results. */
export async function checkHealth({ probe, now }: HousekeepingPorts): Promise<HealthReport> {
  const checks = await probe();
  return { timestamp: now().toISOString(), status: healthStatusOf(checks), checks: { ...checks } };
}
