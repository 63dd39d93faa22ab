import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDiskSpace, monitorQueueLengths } from '../../../activities/housekeeping/look.ts';
import type { HousekeepingPorts } from '../../../activities/housekeeping/ports.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { createDisks } from '../../../services/housekeeping/disks.ts';

const settings: HousekeepingPorts['settings'] = {
  documentRetentionDays: 90,
  fileRetentionDays: 30,
  resultRetentionDays: 30,
  backupKeep: 7,
  diskMinFreePercent: 10,
  queueWarnLength: 1_000,
};

/** Only what the task under test looks at. */
function ports(given: Partial<HousekeepingPorts>): HousekeepingPorts {
  return { settings, ...given } as HousekeepingPorts; // the tasks of this file use nothing else
}

describe('CLEAN-6 disks', () => {
  it('CLEAN-6 measures a folder that is not there yet by the one above it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'perennial-disks-'));
    const [there, missing] = await createDisks({ there: folder, missing: path.join(folder, 'a/b') }).measure();
    expect(missing?.totalBytes).toBe(there?.totalBytes);
    expect(there?.freePercent).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  });

  it.each([
    [9.99, 'warning'],
    [10, 'ok'],
    [100, 'ok'],
  ])('CLEAN-6 with %d %% free it says %s', async (freePercent, status) => {
    const measured = [
      { name: 'roomy', freeBytes: 1, totalBytes: 1, freePercent: 99 },
      { name: 'state', freeBytes: 1024 * 1024, totalBytes: 1024 * 1024 * 10, freePercent },
    ];
    const found = await checkDiskSpace(ports({ disks: { measure: () => Promise.resolve(measured) } }));
    expect(found).toMatchObject({ status, min_free_percent: 10 });
    expect(found.folders[1]).toMatchObject({ name: 'state', status, free_mb: 1, total_mb: 10 });
  });
});

describe('CLEAN-7 queues', () => {
  it.each([
    { length: 1_000, workers: 1, status: 'ok' },
    { length: 1_001, workers: 1, status: 'warning' },
    { length: 0, workers: 0, status: 'ok' },
    { length: 1, workers: 0, status: 'warning' },
  ])('CLEAN-7 $length waiting before $workers workers is $status', async ({ length, workers, status }) => {
    const one = { queue: queues.documentsOcr, length, oldestSeconds: 1.26, workers };
    const found = await monitorQueueLengths(ports({ queues: { lengths: () => Promise.resolve([one]) } }));
    expect(found).toMatchObject({ status, total: length, warn_length: 1_000 });
    expect(found.queues[0]).toMatchObject({ oldest_seconds: 1.3, status });
  });
});
