/**
 * Sees to the servers of one run of vitest, for the layers that need any. The
 * `temporal` command is fetched here, because building it takes longer than any
 * test may. Servers are given a folder only: each is started by the first test
 * that asks for a namespace or a database, and stopped here.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopServer } from '../../stack/postgres/running.ts';
import { adoptProcess } from '../../stack/processes/process-handle.ts';
import { findTemporal } from '../../stack/temporal/binary.ts';
import { POSTGRES_NOTE, type ServerNote } from './servers/postgres.ts';
import { RUN_FOLDER, runFolder } from './servers/run-folder.ts';
import { TEMPORAL_NOTE } from './servers/temporal.ts';

const STOP_GRACE_MS = 10_000;

export default async function setup(): Promise<() => Promise<void>> {
  // A run inside a run uses the servers of the outer one.
  if (runFolder() !== undefined) return async () => {};
  await findTemporal({ log: (line) => process.stderr.write(`${line}\n`) });
  const folder = await mkdtemp(join(tmpdir(), 'perennial-test-run-'));
  process.env[RUN_FOLDER] = folder;
  return async () => {
    await Promise.all([stopPostgres(folder), stopTemporal(folder)]);
    await rm(folder, { recursive: true, force: true });
    Reflect.deleteProperty(process.env, RUN_FOLDER);
  };
}

async function stopPostgres(folder: string): Promise<void> {
  const note = (await noteOf(join(folder, POSTGRES_NOTE))) as ServerNote | undefined; // written by testDatabase of this run
  if (note !== undefined) await stopServer(note.dataDir, note.pid);
}

async function stopTemporal(folder: string): Promise<void> {
  const note = (await noteOf(join(folder, TEMPORAL_NOTE))) as { readonly pid: number } | undefined; // written by openNamespace of this run
  if (note !== undefined) await adoptProcess(note.pid).stop(STOP_GRACE_MS);
}

async function noteOf(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
