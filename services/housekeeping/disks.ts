/** How much room is left where the product writes (CLEAN-6). */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Disks, DiskSpace } from './port.ts';

/** Measures the file systems of folders, by the name of what they are for; a missing folder counts as its parent. */
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
  // `bavail`, not `bfree`: what is reserved for root is not free for us.
  const room = share(facts.bavail, facts.blocks);
  // A file system can be full of small files while there is room; some (btrfs) count no inodes at all.
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
