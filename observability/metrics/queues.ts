/** How long the queues are and who works, asked when somebody reads it. */
import { Gauge, type Registry } from 'prom-client';

/** What is asked. */
export interface QueueStanding {
  readonly queues: readonly { readonly name: string; readonly backlog: number }[];
  /** The machine of each worker process that runs. */
  readonly hosts: readonly string[];
}

/** What {@link createQueueMetrics} needs. */
export interface QueueMetricsOptions {
  readonly ask: () => Promise<QueueStanding>;
  /** Receives why nothing could be asked; the reader gets no figures then, rather than old ones. */
  readonly onError: (error: unknown) => void;
  /** Time that an answer is used, in milliseconds, however many readers there are. @defaultValue 5,000 */
  readonly keptMs?: number;
}

const KEPT_MS = 5_000;

/** Creates the gauges; the function that it returns brings them up to date, and never rejects. */
export function createQueueMetrics(
  registry: Registry,
  { ask, onError, keptMs = KEPT_MS }: QueueMetricsOptions,
): () => Promise<void> {
  const registers = [registry];
  const help = 'Tasks that wait in a queue, by the estimate of the server.';
  const lengths = ['celery_queue_length', 'celery_queue_depth'].map(
    (name) => new Gauge({ name, help, labelNames: ['queue'], registers }),
  );
  const active = new Gauge({
    name: 'celery_active_workers',
    help: '1 for each machine that has a running worker process.',
    labelNames: ['hostname'],
    registers,
  });
  const count = new Gauge({ name: 'celery_workers_active', help: 'Worker processes that run.', registers });
  const update = async (): Promise<void> => {
    try {
      const { queues, hosts } = await ask();
      // A machine or a queue that is gone must not stay as it was.
      for (const gauge of [...lengths, active]) gauge.reset();
      for (const { name, backlog } of queues) for (const gauge of lengths) gauge.set({ queue: name }, backlog);
      for (const hostname of hosts) active.set({ hostname }, 1);
      count.set(hosts.length);
    } catch (error) {
      for (const gauge of [...lengths, active]) gauge.reset();
      count.remove();
      onError(error);
    }
  };
  let last: { readonly at: number; readonly done: Promise<void> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at >= keptMs) last = { at: performance.now(), done: update() };
    return last.done;
  };
}
