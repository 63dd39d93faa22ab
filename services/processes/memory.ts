/** Measures the memory of processes. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const HAS_PROC = existsSync('/proc/self/status');

/** Returns the bytes that the processes hold together; those that have ended count as 0. */
export async function residentBytes(pids: readonly number[]): Promise<number> {
  if (!HAS_PROC) return residentByPs(pids);
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${String(pid)}/status`, 'latin1').catch(() => '');
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Measures with `ps`, because macOS and the BSDs have no /proc. Without `ps`, memory is not limited and only the time
 * limit remains.
 */
function residentByPs(pids: readonly number[]): Promise<number> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', pids.join(',')], (error, output) => {
      if (error !== null) resolve(0);
      else resolve(output.split('\n').reduce((sum, line) => sum + (Number(line.trim()) || 0) * 1024, 0));
    });
  });
}
