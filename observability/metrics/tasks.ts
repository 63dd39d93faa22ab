/** Counts attempts at tasks, under the names that boards for Celery read. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Upper bounds of the buckets of durations, in seconds. */
const BOUNDS_S = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 600];

/** How an attempt ends. */
type AttemptEnd = 'succeeded' | 'failed' | 'retried' | 'revoked';

/** Counts attempts. */
export interface AttemptCounters {
  /** Notes that an attempt begins; returns what notes its end, with the type of a failure. */
  begin(task: string, queue: string): (end: AttemptEnd, errorType: string) => void;
}

/** The label of a task that has no queue, as of one that runs without a server. */
const NO_QUEUE = 'default';

/**
 * Creates the counters of a worker process. Each attempt has one end, and its duration counts however it ends. Labels are
 * names of the catalogue, of its queues and of its failures, so that their number is bounded.
 *
 * @param worker - the process, as `4711@host`
 */
export function createTaskMetrics(registry: Registry, worker: string): AttemptCounters {
  const registers = [registry];
  const labelNames = ['task_name', 'queue'] as const;
  const counter = (name: string, help: string): Counter<'task_name' | 'queue'> =>
    new Counter({ name: `celery_task_${name}_total`, help, labelNames, registers });
  const started = counter('started', 'Attempts at tasks that began.');
  const ends = {
    succeeded: counter('succeeded', 'Attempts that gave a result.'),
    retried: counter('retried', 'Attempts that failed and are followed by another one.'),
    revoked: counter('revoked', 'Attempts that were revoked.'),
  };
  const failed = new Counter({
    name: 'celery_task_failed_total',
    help: 'Attempts that failed and were the last one, by type of the failure.',
    labelNames: [...labelNames, 'error_type'],
    registers,
  });
  const byStatus = new Counter({
    name: 'celery_tasks_total',
    help: 'Attempts at tasks by queue and by how they ended.',
    labelNames: ['queue', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'celery_task_duration_seconds',
    help: 'Time of an attempt, however it ended.',
    labelNames,
    buckets: BOUNDS_S,
    registers,
  });
  const active = new Gauge({
    name: 'celery_active_tasks',
    help: 'Attempts that run in a worker process.',
    labelNames: ['worker', 'task_name'],
    registers,
  });
  return {
    begin: (task, queue) => {
      const labels = { task_name: task, queue: queue === '' ? NO_QUEUE : queue };
      const running = { worker, task_name: task };
      started.inc(labels);
      active.inc(running);
      const stopClock = duration.startTimer(labels);
      return (end, errorType) => {
        stopClock();
        active.dec(running);
        byStatus.inc({ queue: labels.queue, status: end });
        if (end === 'failed') failed.inc({ ...labels, error_type: errorType });
        else ends[end].inc(labels);
      };
    },
  };
}
