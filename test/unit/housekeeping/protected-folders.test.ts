import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { createTempFiles } from '../../../services/housekeeping/temp-files.ts';
import { protectedFolders } from '../../../workers/domains/housekeeping.ts';

/** The folder of the product, as seen from this file. */
const product = path.resolve(import.meta.dirname, '../../..');

afterEach(() => {
  vi.restoreAllMocks();
});

/** A process that was started elsewhere: its own folder protects nothing of the product. */
async function startedElsewhere(): Promise<string> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'perennial-elsewhere-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  vi.spyOn(process, 'cwd').mockReturnValue(stateDir);
  return stateDir;
}

describe('CLEAN-1 what TEMP_DIR must neither be nor hold', () => {
  it('CLEAN-1 the product itself, wherever the process was started', async () => {
    const stateDir = await startedElsewhere();
    expect(existsSync(path.join(product, 'package.json'))).toBe(true);
    const folders = protectedFolders(loadConfig({ STATE_DIR: stateDir, DOCUMENT_ROOTS: stateDir }));
    expect(folders).toContain(product);
    const temp = createTempFiles({ root: product, protectedFolders: folders });
    const signal = AbortSignal.timeout(10_000);
    // A dry run: should the protection fail, nothing is lost but the test.
    await expect(temp.clean({ before: new Date(0), dryRun: true, signal })).rejects.toMatchObject({
      type: 'TempFolderUnsafe',
    });
  });

  it('CLEAN-1 the state, the documents and the blobs of the installation', async () => {
    const stateDir = await startedElsewhere();
    const config = loadConfig({ STATE_DIR: stateDir, DOCUMENT_ROOTS: path.join(stateDir, 'documents') });
    const folders = protectedFolders(config);
    expect(folders).toEqual(
      expect.arrayContaining([stateDir, path.join(stateDir, 'documents'), path.join(stateDir, 'blobs')]),
    );
  });
});
