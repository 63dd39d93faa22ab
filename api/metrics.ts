/** Serves the figures of queues and workers for Prometheus, on a port of its own, so that no key of the API is given away. */
import { Registry } from 'prom-client';
import { type HealthServer, startHealthServer } from '../observability/health.ts';
import { createQueueMetrics } from '../observability/metrics/queues.ts';
import type { WorkerHeartbeats } from '../services/queues/port.ts';
import type { Config } from '../config/types.ts';
import type { ApiRoot } from './root.ts';

/** What is needed to answer for queues and workers. */
export interface MetricsRoot extends Pick<ApiRoot, 'client' | 'logger'> {
  readonly heartbeats: Pick<WorkerHeartbeats, 'running'>;
  readonly config: Pick<Config, 'allowedHosts'> & { readonly api: Pick<Config['api'], 'metricsHost' | 'metricsPort'> };
}

/**
 * Starts the server of `/metrics`. A port that is taken and figures that cannot be asked are logged: whoever starts work is
 * not kept from it by them.
 *
 * @returns nothing when the port is taken
 */
export async function serveMetrics({
  config: { allowedHosts, api },
  client,
  heartbeats,
  logger,
}: MetricsRoot): Promise<HealthServer | undefined> {
  const registry = new Registry();
  const update = createQueueMetrics(registry, {
    ask: async () => {
      const [queues, { hosts }] = await Promise.all([client.queues.list(), heartbeats.running()]);
      return { queues, hosts };
    },
    onError: (err) => logger.warn({ err }, 'the figures of queues and workers could not be asked'),
  });
  const { metricsHost: host, metricsPort: port } = api;
  try {
    const server = await startHealthServer({
      host,
      port,
      hosts: [...allowedHosts, host],
      metrics: async () => {
        await update();
        return registry.metrics();
      },
    });
    logger.info({ host, port: server.port }, 'metrics are served');
    return server;
  } catch (err) {
    logger.warn({ err, host, port }, 'metrics are not served; set METRICS_PORT to a port that is free');
    return undefined;
  }
}
