/** The checks of health (HEALTH-6): what each looks at, and what it says of what it found. */
import type { CheckText } from '../../contracts/housekeeping/vocabulary.ts';
import type { Disks, DiskSpace, QueueLength, QueueMonitor } from './port.ts';

/** What the checks look at. */
export interface Watched {
  readonly database: { check(): Promise<void> };
  readonly blobs: { check(): Promise<void> };
  readonly disks: Disks;
  readonly queues: QueueMonitor;
}

/**
 * The checks of one look at the installation. The queues are asked once, for all checks that need the answer, so each
 * look needs checks of its own.
 *
 * @param watched - what the checks look at
 * @param minFreePercent - a disk with less free room is a warning; 0…100
 */
export function healthChecks(
  watched: Watched,
  minFreePercent: number,
): Readonly<Record<string, () => Promise<CheckText>>> {
  const { database, blobs, disks, queues } = watched;
  const lengths = queues.lengths();
  // Both checks that await it say so; here it must not count as unhandled.
  lengths.catch(() => undefined);
  return {
    database: () => database.check().then(() => 'ok'),
    temporal: () => lengths.then(() => 'ok'),
    blobs: () => blobs.check().then(() => 'ok'),
    disk_space: () => disks.measure().then((spaces) => diskText(spaces, minFreePercent)),
    workers: () => lengths.then(workersText),
  };
}

/** In the words of the source: `ok: 61.2% free`, `warning: 8.0% free`. The fullest disk speaks. */
function diskText(spaces: readonly DiskSpace[], minFreePercent: number): CheckText {
  const least = Math.min(...spaces.map(({ freePercent }) => freePercent));
  return `${least < minFreePercent ? 'warning' : 'ok'}: ${least.toFixed(1)}% free`;
}

function workersText(lengths: readonly QueueLength[]): CheckText {
  const alone = lengths.filter(({ workers }) => workers === 0).map(({ queue }) => queue);
  return alone.length === 0 ? 'ok' : `warning: no worker serves ${alone.join(', ')}`;
}
