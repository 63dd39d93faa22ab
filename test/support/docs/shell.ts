/** Commands of a page, as a reader types them. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { FREE_PORTS } from '../servers/stack.ts';
import { contains, type Example } from './page.ts';

const run = promisify(execFile);

/** What commands print; rejects when one of them fails. */
export async function outputIn(folder: string, code: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout, stderr } = await run('bash', ['-e', '-o', 'pipefail', '-c', code], {
    cwd: folder,
    env: { ...environment(folder), ...env },
    timeout: 180_000,
  }).catch((error: unknown) => {
    const { stdout: said = '', stderr: complained = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`expected these commands to succeed:\n${code}\n${said}${complained}`, { cause: error });
  });
  return `${stdout}${stderr}`;
}

/** As for a reader: nothing of the test that runs this, and ports that nobody uses. */
export function environment(folder: string): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, STATE_DIR: path.join(folder, '.perennial'), SHUTDOWN_GRACE_MS: '2000', ...FREE_PORTS };
}

/** Expects what a page shows as the output of commands. */
export function expectShown(page: string, { shown, line }: Example, output: string): void {
  expect(shown.length).toBeGreaterThan(0);
  for (const text of shown)
    expect(contains(output, text), `${page}:${String(line)} says "${text}", got:\n${output}`).toBe(true);
}
