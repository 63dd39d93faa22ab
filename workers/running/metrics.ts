/** The figures of a worker process. */
import { hostname } from 'node:os';
import { Registry } from 'prom-client';
import type { TaskMetrics } from '../../activities/shell/task-metrics.ts';
import { measureProcess } from '../../observability/metrics/process.ts';
import { createTaskMetrics } from '../../observability/metrics/tasks.ts';

/** Where the figures are read, and what counts attempts at tasks. */
export interface WorkerMetrics {
  readonly registry: Registry;
  readonly tasks: TaskMetrics;
}

/** Creates the figures of this process. */
export function openMetrics(): WorkerMetrics {
  const registry = new Registry();
  // As the SDK names the process to the server.
  const worker = `${String(process.pid)}@${hostname()}`;
  measureProcess(registry, worker);
  return { registry, tasks: createTaskMetrics(registry, worker) };
}
