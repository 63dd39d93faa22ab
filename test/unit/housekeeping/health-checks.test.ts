import { describe, expect, it } from 'vitest';
import { queues } from '../../../contracts/queues/names.ts';
import { healthChecks } from '../../../services/housekeeping/health-checks.ts';
import type { DiskSpace, QueueLength } from '../../../services/housekeeping/port.ts';

const fine = { check: () => Promise.resolve() };
const disk = (freePercent: number): DiskSpace => ({ name: 'state', freeBytes: 1, totalBytes: 2, freePercent });
const served = (queue: QueueLength['queue'], workers: number): QueueLength => ({
  queue,
  length: 0,
  oldestSeconds: 0,
  workers,
});

interface Found {
  readonly disks?: readonly DiskSpace[];
  readonly lengths?: () => Promise<readonly QueueLength[]>;
  readonly beating?: readonly string[];
}

function checksOver({
  disks = [disk(61.23)],
  lengths = () => Promise.resolve([served(queues.workflows, 1)]),
  beating = [queues.workflows],
}: Found) {
  return healthChecks(
    {
      database: fine,
      blobs: fine,
      disks: { measure: () => Promise.resolve(disks) },
      queues: { lengths },
      heartbeats: { running: () => Promise.resolve({ count: 1, hosts: ['here'], queues: new Set(beating) }) },
    },
    10,
  );
}

describe('HEALTH-6 the checks of health', () => {
  it('HEALTH-6 all is well: each says so, in the words of the source', async () => {
    const checks = checksOver({});
    const texts = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await check()]));
    expect(Object.fromEntries(texts)).toEqual({
      database: 'ok',
      temporal: 'ok',
      blobs: 'ok',
      disk_space: 'ok: 61.2% free',
      workers: 'ok',
    });
  });

  it('HEALTH-6 the fullest disk speaks, and below the minimum it is a warning', async () => {
    await expect(checksOver({ disks: [disk(50), disk(10)] })['disk_space']!()).resolves.toBe('ok: 10.0% free');
    await expect(checksOver({ disks: [disk(50), disk(8)] })['disk_space']!()).resolves.toBe('warning: 8.0% free');
  });

  it('HEALTH-6 queues that no worker serves are named', async () => {
    const lengths = () =>
      Promise.resolve([
        served(queues.workflows, 1),
        served(queues.documentsDefault, 0),
        served(queues.documentsLowPriority, 0),
      ]);
    await expect(checksOver({ lengths })['workers']!()).resolves.toBe(
      `warning: no worker serves ${queues.documentsDefault}, ${queues.documentsLowPriority}`,
    );
  });

  it('HEALTH-6 a queue whose polls outlived their process is named too', async () => {
    const lengths = () => Promise.resolve([served(queues.workflows, 1), served(queues.documentsOcr, 1)]);
    await expect(checksOver({ lengths })['workers']!()).resolves.toBe(
      `warning: no worker serves ${queues.documentsOcr}`,
    );
  });

  it('HEALTH-6 the server is asked once for both checks, which both fail when it is away', async () => {
    let asked = 0;
    const checks = checksOver({ lengths: () => Promise.reject(new Error(`away ${String((asked += 1))}`)) });
    await expect(checks['temporal']!()).rejects.toThrow('away 1');
    await expect(checks['workers']!()).rejects.toThrow('away 1');
  });
});
