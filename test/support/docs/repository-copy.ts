/** A copy of the repository in which a page of docs/ is followed to the letter. */
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { additionsOf, type Block } from '../../../scripts/docs/blocks.ts';
import { provideProduct } from '../../../stack/product.ts';
import type { Example } from './page.ts';
import { environment, expectShown, outputIn } from './shell.ts';

/** A copy, and what a reader does in it. */
export interface RepositoryCopy {
  readonly folder: string;
  /** Writes the files that blocks show, and adds the lines that they add to files. */
  apply(blocks: readonly Block[]): void;
  /** What commands print; rejects when one of them fails. */
  outputOf(code: string): Promise<string>;
  /** Runs commands and expects what the page shows as their output. */
  expectShown(page: string, example: Example): Promise<void>;
  /** `npm start`, until the test ends. */
  start(): Promise<void>;
  remove(): void;
}

/** Copies the files that git knows or would add. */
export async function copyRepository(): Promise<RepositoryCopy> {
  const compiledDir = await provideProduct();
  const folder = mkdtempSync(path.join(tmpdir(), 'perennial-copy-'));
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const listed = execFileSync('git', args, { cwd: projectDir, encoding: 'utf8' });
  for (const name of listed.split('\0').filter((file) => file !== '')) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    cpSync(path.join(projectDir, name), path.join(folder, name), { preserveTimestamps: true });
  }
  // What is compiled here is as old as its source, so only what the page changes is compiled.
  cpSync(compiledDir, path.join(folder, 'dist'), { recursive: true, preserveTimestamps: true });
  symlinkSync(realpathSync(path.join(projectDir, 'node_modules')), path.join(folder, 'node_modules'));
  // What is installed is newer than the lockfile: nothing is installed again.
  utimesSync(path.join(folder, 'package-lock.json'), 0, 0);
  const outputOf = (code: string): Promise<string> => outputIn(folder, code);
  return {
    folder,
    apply: (blocks) => {
      for (const block of blocks) apply(folder, block);
    },
    outputOf,
    expectShown: async (page, example) => expectShown(page, example, await outputOf(example.code)),
    start: () => startIn(folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function apply(folder: string, block: Block): void {
  for (const { file, line } of additionsOf(block)) appendFileSync(path.join(folder, file), `${line}\n`);
  if (block.path === undefined) return;
  const target = path.join(folder, block.path);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, block.code);
}

async function startIn(folder: string): Promise<void> {
  const stack = spawn('npm', ['start'], { cwd: folder, env: environment(folder), detached: true });
  let said = '';
  const closed = new Promise<void>((resolve) => stack.once('close', () => resolve()));
  onTestFinished(async () => {
    if (stack.exitCode === null && stack.pid !== undefined) process.kill(-stack.pid, 'SIGTERM');
    await closed;
  });
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += String(chunk);
      if (said.includes('Perennial is running')) resolve();
    };
    stack.stdout.on('data', listen);
    stack.stderr.on('data', listen);
    stack.once('close', () => reject(new Error(`npm start ended:\n${said}`)));
  });
}
