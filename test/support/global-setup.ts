/**
 * Sees to the servers of one run of vitest, for the layers that need any. The
 * `temporal` command is fetched here, because building it takes longer than any
 * test may. PostgreSQL is given a folder only: it is started by the first test
 * that asks for a database, and stopped here.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopServer } from '../../stack/postgres/running.ts';
import { findTemporal } from '../../stack/temporal/binary.ts';
import { SERVER_FOLDER, SERVER_NOTE, type ServerNote } from './postgres.ts';

export default async function setup(): Promise<() => Promise<void>> {
  // A run inside a run uses the server of the outer one.
  if (process.env[SERVER_FOLDER] !== undefined) return async () => {};
  await findTemporal({ log: (line) => process.stderr.write(`${line}\n`) });
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
