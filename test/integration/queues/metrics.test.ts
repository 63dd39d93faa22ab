/** The figures of queues and workers for Prometheus, of a real server and a real database. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { serveMetrics } from '../../../api/metrics.ts';
import type { PerennialClient } from '../../../client/index.ts';
import { createWorkerHeartbeats } from '../../../services/queues/postgres.ts';
import { eventually, startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

const QUEUE = 'documents.low_priority';
let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());
let warnings: unknown[];
beforeEach(() => {
  warnings = [];
});

const logger = { info: () => undefined, warn: (fields: unknown) => void warnings.push(fields) };

interface Served {
  readonly port: number;
  value(line: string): Promise<number | undefined>;
}

async function serve(port = 0, client: Pick<PerennialClient, 'queues'> = world.client): Promise<Served | undefined> {
  const server = await serveMetrics({
    config: { allowedHosts: [], api: { metricsHost: '127.0.0.1', metricsPort: port } },
    client: client as PerennialClient, // the figures need no more
    heartbeats: createWorkerHeartbeats(world.database.db),
    logger: logger as never, // so does the log
  });
  if (server === undefined) return undefined;
  onTestFinished(() => server.close());
  const read = async (): Promise<string> => (await fetch(`http://127.0.0.1:${String(server.port)}/metrics`)).text();
  return {
    port: server.port,
    value: async (line) => {
      const found = (await read()).split('\n').find((one) => one.startsWith(`${line} `));
      return found === undefined ? undefined : Number(found.slice(line.length));
    },
  };
}

describe('metrics of queues and workers', () => {
  it('METRIC-6 METRIC-11 the length of a queue is what waits in it', async () => {
    const calls = [1, 2, 3].map((data) => world.client.task('samples.addOne').call({ data }, { queue: QUEUE }));
    const runs = await Promise.all(calls);
    const waiting = async (): Promise<number> => (await world.client.queues.get(QUEUE)).backlog;
    await world.withWorkers(() => eventually(async () => (await waiting()) === 3), { queues: [] });
    const served = await serve();
    for (const name of ['celery_queue_length', 'celery_queue_depth']) {
      expect(await served?.value(`${name}{queue="${QUEUE}"}`)).toBe(3);
      expect(await served?.value(`${name}{queue="documents.email"}`)).toBe(0);
    }
    await world.withWorkers(() => Promise.all(runs.map((run) => run.result())));
  });

  it('METRIC-7 METRIC-11 a worker is active while it sends heartbeats, and gone with the last one', async () => {
    const heartbeats = createWorkerHeartbeats(world.database.db);
    const processes = ['one', 'one', 'two'].map((host) => ({ id: randomUUID(), host, queues: [QUEUE] }));
    for (const process of processes) await heartbeats.beat(process);
    const before = await serve();
    expect(await before?.value('celery_active_workers{hostname="one"}')).toBe(1);
    expect(await before?.value('celery_active_workers{hostname="two"}')).toBe(1);
    expect(await before?.value('celery_workers_active')).toBe(3);
    for (const { id } of processes.slice(1)) await heartbeats.stop(id);
    const after = await serve();
    expect(await after?.value('celery_active_workers{hostname="one"}')).toBe(1);
    expect(await after?.value('celery_active_workers{hostname="two"}')).toBeUndefined();
    expect(await after?.value('celery_workers_active')).toBe(1);
  });

  it('METRIC-10 a port that is taken is logged, and so are figures that cannot be asked', async () => {
    const first = await serve();
    // The health of the API is asked of the API.
    expect((await fetch(`http://127.0.0.1:${String(first?.port)}/health/ready`)).status).toBe(404);
    expect(await serve(first?.port)).toBeUndefined();
    expect(warnings).toMatchObject([{ err: { code: 'EADDRINUSE' }, port: first?.port }]);
    const list = (): never => {
      throw new TypeError('the server is away');
    };
    const blind = await serve(0, { queues: { ...world.client.queues, list } });
    expect(await blind?.value('celery_workers_active')).toBeUndefined();
    expect(warnings).toHaveLength(2);
  });
});
