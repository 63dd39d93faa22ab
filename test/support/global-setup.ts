/**
 * Gives one run of vitest one folder for its PostgreSQL. The server itself is
 * started by the first test that asks for a database, so that a run of unit
 * tests pays nothing; it is stopped here.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopServer } from '../../stack/postgres/running.ts';
import { SERVER_FOLDER, SERVER_NOTE, type ServerNote } from './postgres.ts';

export default async function setup(): Promise<() => Promise<void>> {
  // A run inside a run uses the server of the outer one.
  if (process.env[SERVER_FOLDER] !== undefined) return async () => {};
  const folder = await mkdtemp(join(tmpdir(), 'perennial-test-postgres-'));
  process.env[SERVER_FOLDER] = folder;
  return async () => {
    const text = await readFile(join(folder, SERVER_NOTE), 'utf8').catch(() => undefined);
    if (text !== undefined) {
      const note = JSON.parse(text) as ServerNote; // written by testDatabase of this run
      await stopServer(note.dataDir, note.pid);
      await rm(note.dataDir, { recursive: true, force: true });
    }
    await rm(folder, { recursive: true, force: true });
    Reflect.deleteProperty(process.env, SERVER_FOLDER);
  };
}
