/** A person who begins: makes an application, runs it, calls it, changes it while it runs. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provideProduct } from '../../../stack/product.ts';
import { installProduct } from '../../support/application.ts';
import { FREE_PORTS } from '../../support/servers/stack.ts';

const run = promisify(execFile);

let folder: string;
let compiled: string;
let dev: ChildProcess;
let shown = '';

const perennial = (...args: string[]): Promise<{ stdout: string }> =>
  run(process.execPath, [path.join(compiled, 'cli/main.js'), ...args], { cwd: folder });

async function change(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(path.join(folder, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(path.join(folder, file), text.replace(from, to));
}

const seen = (text: string | RegExp): Promise<void> =>
  expect.poll(() => shown, { timeout: 60_000 }).toMatch(typeof text === 'string' ? new RegExp(text) : text);

async function counted(text: string): Promise<unknown> {
  const { stdout } = await perennial('tasks', 'call', 'text.countWords', '--input', JSON.stringify({ text }), '--wait');
  return /result\s+(\d+)/.exec(stdout)?.[1];
}

beforeAll(async () => {
  compiled = await provideProduct();
  folder = await mkdtemp(path.join(tmpdir(), 'perennial-writing-'));
});

afterAll(async () => {
  const ended = new Promise((resolve) => dev.once('exit', resolve));
  dev.kill('SIGTERM');
  await ended;
  await rm(folder, { recursive: true, force: true });
});

describe('a first application', () => {
  it('is made by one command, which keeps what is there', async () => {
    await writeFile(path.join(folder, 'tsconfig.json'), '{}');
    await writeFile(path.join(folder, 'package.json'), '{ "name": "mine", "scripts": { "dev": "own" } }');
    const { stdout } = await perennial('init');
    expect(stdout).toMatch(/changed package\.json.*made {4}perennial\.config\.ts.*kept {4}tsconfig\.json/s);
    const manifest: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({
      name: 'mine',
      scripts: { dev: 'own', worker: 'perennial worker' },
      type: 'module',
    });
    expect(await readFile(path.join(folder, 'tsconfig.json'), 'utf8')).toBe('{}');
    await rm(path.join(folder, 'tsconfig.json'));
    await perennial('init');
    await installProduct(folder);
  });

  it('runs, and calls a task and a chord', async () => {
    dev = spawn(process.execPath, [path.join(compiled, 'cli/main.js'), 'dev'], {
      cwd: folder,
      env: { ...process.env, ...FREE_PORTS },
    });
    for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (chunk) => (shown += String(chunk)));
    await seen('Watching');
    const address = /Temporal server is ready on (\S+)/.exec(shown)?.[1] ?? '';
    const { stdout } = await run(process.execPath, ['--import', 'tsx', 'call.ts'], {
      cwd: folder,
      env: { ...process.env, TEMPORAL_ADDRESS: address },
    });
    expect(stdout).toBe('words 3\ntotal 6\n');
  });

  it('runs changed code, and a broken module is told of while the others go on', async () => {
    await change('tasks/texts.ts', 'return text', 'return 100 + text');
    await seen('tasks/texts.ts changed(.|\n)*runs the new code');
    await expect.poll(() => counted('a b')).toBe('102');
    await writeFile(path.join(folder, 'tasks/broken.ts'), 'export const = 1;');
    await seen('tasks/broken.ts: expected a module that loads');
    expect(await counted('a b c')).toBe('103');
  });
});
