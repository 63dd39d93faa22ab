import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { freePort } from '../../../stack/ports.ts';
import { findTemporal } from '../../../stack/temporal/binary.ts';
import { startTemporalServer } from '../../../stack/temporal/server.ts';
import { connectWorker } from '../../../workers/connection.ts';
import { quietRuntime } from '../../support/temporal.ts';

describe('the start of a worker', () => {
  it('CFG-12 waits for a server that is not there yet, and connects when it comes', async () => {
    quietRuntime();
    const stateDir = await mkdtemp(path.join(tmpdir(), 'perennial-late-'));
    const port = await freePort();
    const { temporal } = loadConfig({ TEMPORAL_ADDRESS: `127.0.0.1:${String(port)}`, STATE_DIR: stateDir });
    let refusals = 0;
    const log = { warn: () => (refusals += 1) };
    const connecting = connectWorker(temporal, log, new AbortController().signal);
    await expect.poll(() => refusals, { timeout: 20_000 }).toBeGreaterThan(0);
    const { path: binary } = await findTemporal({ log: () => undefined });
    const server = await startTemporalServer({ binary, stateDir, port, uiPort: 0 });
    const connection = await connecting;
    expect(connection).toBeDefined();
    await connection.close();
    await server.stop();
    await rm(stateDir, { recursive: true, force: true });
  });

  it('a worker that is told to stop while it waits stops', async () => {
    const { temporal } = loadConfig({ TEMPORAL_ADDRESS: `127.0.0.1:${String(await freePort())}` });
    const stop = new AbortController();
    const connecting = connectWorker(temporal, { warn: () => stop.abort() }, stop.signal);
    await expect(connecting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
