import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Scratch } from './port.ts';

/** Creates a folder below the system's folder for temporary files. */
export async function openScratch(): Promise<Scratch> {
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-task-'));
  return { path: folder, close: () => rm(folder, { recursive: true, force: true }) };
}
