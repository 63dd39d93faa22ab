/** The health checks of the installation and the texts of their results. */
import type { CheckText } from '../../contracts/housekeeping/vocabulary.ts';
import type { RunningWorkers, WorkerHeartbeats } from '../queues/port.ts';
import type { Disks, DiskSpace, QueueLength, QueueMonitor } from './port.ts';

/** The parts of the installation that the checks query. */
export interface Watched {
  readonly database: { check(): Promise<void> };
  readonly blobs: { check(): Promise<void> };
  readonly disks: Disks;
  readonly queues: QueueMonitor;
  readonly heartbeats: Pick<WorkerHeartbeats, 'running'>;
}

/**
 * Creates the checks for one run. The queues are queried once for all checks that need them, so each run creates its
 * own checks.
 * @param watched - the parts to query
 * @param minFreePercent - a disk with less free space is a warning; 0…100
 */
export function healthChecks(
  watched: Watched,
  minFreePercent: number,
): Readonly<Record<string, () => Promise<CheckText>>> {
  const { database, blobs, disks, queues, heartbeats } = watched;
  const lengths = queues.lengths();
  // Both checks that await the promise report its error; without this handler it would also count as unhandled.
  lengths.catch(() => undefined);
  return {
    database: () => database.check().then(() => 'ok'),
    temporal: () => lengths.then(() => 'ok'),
    blobs: () => blobs.check().then(() => 'ok'),
    disk_space: () => disks.measure().then((spaces) => diskText(spaces, minFreePercent)),
    workers: async () => workersText(await lengths, await heartbeats.running()),
  };
}

/** Formats the state of the fullest disk: `ok: 61.2% free`, `warning: 8.0% free`. */
function diskText(spaces: readonly DiskSpace[], minFreePercent: number): CheckText {
  const least = Math.min(...spaces.map(({ freePercent }) => freePercent));
  return `${least < minFreePercent ? 'warning' : 'ok'}: ${least.toFixed(1)}% free`;
}

/** Counts a queue as served when a process polls it that also sends heartbeats: polls outlive a killed process. */
function workersText(lengths: readonly QueueLength[], running: RunningWorkers): CheckText {
  const alone = lengths
    .filter(({ queue, workers }) => workers === 0 || !running.queues.has(queue))
    .map(({ queue }) => queue);
  return alone.length === 0 ? 'ok' : `warning: no worker serves ${alone.join(', ')}`;
}
