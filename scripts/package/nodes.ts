/**
 * Tests the packed files with the newest Node of each supported line, beside the running one:
 *
 *   npm run test:package
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const LINES = ['20', '22', '24'] as const;

/** Installs a Node from npm and returns its program. */
async function install(folder: string, line: string): Promise<string> {
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `node@${line}`], {
    cwd: folder,
  });
  return path.join(folder, 'node_modules', 'node', 'bin', 'node');
}

const folder = await mkdtemp(path.join(tmpdir(), 'perennial-nodes-'));
try {
  const programs: string[] = [];
  for (const line of LINES) programs.push(await install(path.join(folder, line), line));
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/integration/package'], {
    stdio: 'inherit',
    env: { ...process.env, PACKAGE_NODES: programs.join(path.delimiter) },
  });
  process.exitCode = status ?? 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
