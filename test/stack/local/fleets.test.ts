/** Readiness when the workers of some queues are gone and those of the others work on. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queues } from '../../../contracts/queues/names.ts';
import type { Readiness } from '../../../observability/health.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';

let product: TestStack;
beforeAll(async () => {
  product = await startTestStack({
    components: ['temporal', 'postgres', 'worker', 'api'],
    workers: [
      { name: 'workflows', fleet: 'workflows' },
      { name: 'documents', fleet: 'documents' },
      { name: 'messaging', fleet: 'messaging' },
      { name: 'billing', fleet: 'billing' },
      { name: 'data', fleet: 'data' },
      { name: 'media', fleet: 'media' },
      { name: 'ai', fleet: 'ai' },
    ],
  });
});
afterAll(() => product.stop());

/** Longest time in milliseconds until readiness knows that a fleet does not work. */
const NOTICED_MS = 15_000;

async function workersText(): Promise<string | undefined> {
  const response = await fetch(`${product.stack.addresses.api ?? ''}/health/ready`);
  const { checks } = (await response.json()) as Readiness; // the schema of the route
  return checks['workers'];
}

const ready = () => expect.poll(workersText, { timeout: 60_000, interval: 200 }).toBe('ok (7 workers)');

describe('readiness of the API', () => {
  it('METRIC-7 METRIC-10 the API process serves the figures of queues and workers on a port of their own', async () => {
    await ready();
    const log = await readFile(path.join(product.inbox, '..', 'logs', 'api.log'), 'utf8');
    const port = /"port":(\d+),[^\n]*metrics are served/.exec(log)?.[1] ?? 'none';
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain('\ncelery_workers_active 7\n');
    expect(text).toContain(`\ncelery_queue_length{queue="${queues.documentsOcr}"} 0\n`);
  });

  it('HEALTH-2 names the queues of a fleet that was stopped in mid-work, while other fleets work on', async () => {
    await ready();
    product.stack.processes['documents']?.kill('SIGSTOP');
    const noticed = expect.poll(workersText, { timeout: NOTICED_MS, interval: 200 });
    await noticed.toMatch(/^warning: no worker serves /);
    const text = await workersText();
    expect(text).toContain(queues.documentsOcr);
    expect(text).not.toContain(queues.workflows);
  });

  it('HEALTH-2 names them at once when the fleet has stopped by itself', async () => {
    await ready();
    await product.stack.processes['documents']?.stop(10_000);
    await expect.poll(workersText, { timeout: 3_000, interval: 200 }).toContain(queues.documentsOcr);
  });

  it('HEALTH-2 says that nobody works when the last fleet was killed', async () => {
    for (const name of ['workflows', 'messaging', 'billing', 'ai', 'data', 'media'])
      await product.stack.processes[name]?.stop(0);
    await sleep(1_000); // an answer is reused for a second
    await expect.poll(workersText, { timeout: NOTICED_MS, interval: 200 }).toBe('warning: no workers');
  });
});
