/** Measures the free space of the disks that the product writes to. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Disks, DiskSpace } from './port.ts';

/** Creates the measurement for folders by their purpose; a missing folder counts as its parent. */
export function createDisks(folders: Readonly<Record<string, string>>): Disks {
  return {
    measure: () => Promise.all(Object.entries(folders).map(([name, folder]) => measure(name, folder))),
  };
}

async function measure(name: string, folder: string): Promise<DiskSpace> {
  const facts = await statfs(folder).catch((error: unknown) => {
    if (dirname(folder) === folder) throw error;
    return undefined;
  });
  if (facts === undefined) return measure(name, dirname(folder));
  // `bavail` excludes the space reserved for root, which `bfree` includes.
  const room = share(facts.bavail, facts.blocks);
  // Small files can use up the inodes while space is free; some file systems (btrfs) count no inodes.
  const inodes = share(facts.ffree, facts.files);
  return {
    name,
    freeBytes: facts.bavail * facts.bsize,
    totalBytes: facts.blocks * facts.bsize,
    freePercent: Math.min(room, inodes),
  };
}

function share(free: number, total: number): number {
  return total === 0 ? 100 : (free / total) * 100;
}
