/** What a worker process uses, sampled whenever somebody reads it. */
import { Gauge, type Registry } from 'prom-client';

/** Gives the memory and the CPU time of a process under the names that boards for Celery read. */
export function measureProcess(registry: Registry, worker: string): void {
  const gauge = (name: string, help: string, sample: () => number): void => {
    const made: Gauge<'worker'> = new Gauge({
      name,
      help,
      labelNames: ['worker'],
      registers: [registry],
      collect: () => made.set({ worker }, sample()),
    });
  };
  gauge('celery_worker_memory_bytes', 'Resident memory of a worker process.', () => process.memoryUsage.rss());
  gauge(
    'celery_worker_cpu_percent',
    'CPU time of a worker process since the last reading; 100 is one core.',
    cpuPercent(),
  );
}

/** Returns a sampler of the CPU time since it was asked last, in percent of one core; since the start for the first time. */
function cpuPercent(): () => number {
  let last = { at: performance.now(), spent: process.cpuUsage() };
  return () => {
    const passedMs = performance.now() - last.at;
    const { user, system } = process.cpuUsage(last.spent);
    last = { at: performance.now(), spent: process.cpuUsage() };
    return passedMs === 0 ? 0 : ((user + system) / 1_000 / passedMs) * 100;
  };
}
