import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provideProduct } from '../../../stack/product.ts';

const launcher = path.resolve(import.meta.dirname, '../../../cli/perennial.mjs');

let folder = '';
beforeAll(async () => {
  // The first start in a new clone compiles, and says so.
  await provideProduct();
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command, in a folder where nothing runs. */
async function perennial(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: folder,
    env: { PATH, HOME, STATE_DIR: path.join(folder, 'state'), ...env },
  });
  const ran = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (ran.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (ran.stderr += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...ran };
}

describe('the command itself', () => {
  test('shows its help from any folder', async () => {
    const { code, stdout, stderr } = await perennial(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: perennial');
  });

  test('says what to do when nothing runs', async () => {
    const { code, stdout, stderr } = await perennial(['documents', 'list', '--json']);
    expect([code, stdout]).toEqual([69, '']);
    expect(stderr).toContain('npm start');
    expect(stderr).not.toContain('    at ');
  });

  test('says when the server it was told of does not answer', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x' };
    const { code, stdout, stderr } = await perennial(['status', 'x'], env);
    expect([code, stdout]).toEqual([69, '']);
    expect(stderr).toContain('127.0.0.1:1');
    expect(stderr).not.toContain('secret');
  });

  test('names every wrong setting', async () => {
    const { code, stderr } = await perennial(['status', 'x'], { LOG_LEVEL: 'loud', API_PORT: '99999' });
    expect(code).toBe(78);
    expect(stderr).toContain('LOG_LEVEL');
    expect(stderr).toContain('API_PORT');
  });

  test.each([[[]], [['frob']], [['ocr']], [['ocr', 'nope.png']], [['status', 'x', '--frob']]])(
    'a wrong command line ends with 2: %j',
    async (args) => {
      const { code, stdout, stderr } = await perennial(args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).not.toBe('');
    },
  );
});
