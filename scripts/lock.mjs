/** Provides locks between processes, without dependencies, because it runs before they are installed. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Interval at which a process checks whether the lock is free, in milliseconds. */
const LOOK_EVERY_MS = 100;

/**
 * Runs `work` while no other process runs work of the same name in this project. A lock of a process that was killed is
 * removed after `staleMs`.
 *
 * @template T
 * @param {{ project: string, name: string, staleMs: number }} lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProjectLock({ project, name, staleMs }, work) {
  const hash = createHash('sha256').update(project).digest('hex').slice(0, 12);
  const file = path.join(tmpdir(), `perennial-${name}-${hash}.lock`);
  const deadline = Date.now() + staleMs;
  while (!take(file)) {
    const stale = existsSync(file) && Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > staleMs;
    if (stale || Date.now() > deadline) rmSync(file, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const remove = () => rmSync(file, { force: true });
  process.once('exit', remove);
  try {
    return await work();
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function take(file) {
  try {
    closeSync(openSync(file, 'wx'));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}
