import { describe, expect, it } from 'vitest';
import { findTask } from '../../../contracts/register.schema.ts';
import {
  findHousekeepingTask,
  HOUSEKEEPING_TASKS,
  housekeepingWorkflowId,
  healthStatusOf,
  parseHousekeepingWorkflowId,
} from '../../../contracts/housekeeping/vocabulary.ts';
import { housekeepingTaskSchemas } from '../../../contracts/housekeeping/schema.ts';

describe('names of tasks', () => {
  it.each([
    ['cleanupTempFiles', 'cleanupTempFiles'],
    ['housekeeping.cleanupTempFiles', 'cleanupTempFiles'],
    ['cleanup-temp-files', 'cleanupTempFiles'],
    ['celery_app.tasks.cleanup_tasks.cleanup_temp_files', 'cleanupTempFiles'],
    ['celery_app.tasks.cleanup_tasks.cleanup_old_ocr_results', 'cleanupOldOcrResults'],
    ['celery_app.tasks.cleanup_tasks.vacuum_database', 'vacuumDatabase'],
    ['celery_app.tasks.backup_tasks.backup_database', 'backupDatabase'],
    ['celery_app.tasks.monitoring_tasks.check_disk_space', 'checkDiskSpace'],
    ['celery_app.tasks.monitoring_tasks.monitor_queue_lengths', 'monitorQueueLengths'],
    ['celery_app.tasks.monitoring_tasks.health_check', 'checkHealth'],
    ['celery_app.tasks.cleanup_tasks.health_check', 'checkHealth'],
    ['celery_app.tasks.scheduled_tasks.sunrise_task', 'sunrise'],
    ['toString', undefined],
    ['recordHealth', undefined],
    ['', undefined],
  ])('P3-08 %s is %s', (name, task) => {
    expect(findHousekeepingTask(name)).toBe(task);
    // The whole names of the source are also known to whoever calls single tasks.
    if (name.startsWith('celery_app.')) expect(findTask(name)?.name).toBe(`housekeeping.${String(task)}`);
  });

  it.each(HOUSEKEEPING_TASKS)('IDEM-4 the id of a run of %s tells what it is, and takes a dry run', (task) => {
    expect(parseHousekeepingWorkflowId(housekeepingWorkflowId(task, 'a-b'))).toEqual({ task, key: 'a-b' });
    const { input } = housekeepingTaskSchemas[`housekeeping.${task}`];
    expect(input.parse({})).toMatchObject({ dryRun: false });
    expect(input.safeParse({ dryRun: true }).success).toBe(true);
    expect(input.safeParse({ dryrun: true }).success).toBe(false);
  });

  it('an id of another domain is not ours', () => {
    expect(parseHousekeepingWorkflowId('batch-ocr-1')).toBeUndefined();
    expect(parseHousekeepingWorkflowId('housekeeping-unknown-1')).toBeUndefined();
  });
});

describe('HEALTH-6 the verdict', () => {
  it.each([
    [{}, 'healthy'],
    [{ database: 'ok', disk_space: 'ok: 61.2% free' }, 'healthy'],
    [{ database: 'ok', disk_space: 'warning: 8.0% free' }, 'degraded'],
    [{ database: 'error: refused', disk_space: 'ok: 61.2% free' }, 'unhealthy'],
    // The source let the disk hide a database that is away.
    [{ database: 'error: refused', disk_space: 'warning: 8.0% free' }, 'unhealthy'],
  ] as const)('HEALTH-6 %j is %s: the worst check decides', (checks, status) => {
    expect(healthStatusOf(checks)).toBe(status);
  });
});
