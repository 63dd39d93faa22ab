/** Provides locks between processes, without dependencies, because it runs before they are installed. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Interval at which a process checks whether the lock is free, in milliseconds. */
const LOOK_EVERY_MS = 100;

/**
 * Runs `work` while no other process runs work of the same name in this project. The lock of a process that was killed
 * is removed at once, any other after `staleMs`.
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
    if (isStale(file, staleMs) || Date.now() > deadline) rmSync(file, { force: true });
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
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

function isStale(file, staleMs) {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts === undefined) return false; // released meanwhile
  const holder = Number(readIfThere(file));
  const gone = Number.isInteger(holder) && holder > 0 && !isAlive(holder);
  return gone || Date.now() - facts.mtimeMs > staleMs;
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
