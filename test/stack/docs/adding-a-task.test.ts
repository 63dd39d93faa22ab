/** Follows docs/adding-a-task.md in a copy of the repository: writes the files that it shows, runs the commands that it gives. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { blocksOf } from '../../../scripts/docs/blocks.ts';
import { contains, examplesOf } from '../../support/page.ts';
import { FREE_PORTS } from '../../support/stack.ts';

const PAGE = 'docs/adding-a-task.md';
const files = blocksOf(projectDir, PAGE).filter((block) => block.path !== undefined);
const examples = examplesOf(PAGE);
const calls = examples.filter(({ code }) => code.includes('perennial tasks call'));
const checks = examples.filter((example) => !calls.includes(example));
const run = promisify(execFile);

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'perennial-adding-'));
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    { cwd: projectDir, encoding: 'utf8' },
  );
  for (const name of listed.split('\0').filter((file) => file !== '')) {
    mkdirSync(path.dirname(path.join(copy, name)), { recursive: true });
    cpSync(path.join(projectDir, name), path.join(copy, name));
  }
  symlinkSync(realpathSync(path.join(projectDir, 'node_modules')), path.join(copy, 'node_modules'));
  // What is installed is newer than the lockfile: nothing is installed again.
  utimesSync(path.join(copy, 'package-lock.json'), 0, 0);
});

afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

/** What commands print in the copy; rejects when one of them fails. */
async function outputOf(code: string): Promise<string> {
  const { stdout, stderr } = await run('bash', ['-e', '-o', 'pipefail', '-c', code], {
    cwd: copy,
    env: environment(),
    timeout: 180_000,
  }).catch((error: unknown) => {
    const { stdout: said = '', stderr: complained = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`expected these commands to succeed:\n${code}\n${said}${complained}`, { cause: error });
  });
  return `${stdout}${stderr}`;
}

/** As for a reader: nothing of the test that runs this, and ports that nobody uses. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, STATE_DIR: path.join(copy, '.perennial'), SHUTDOWN_GRACE_MS: '2000', ...FREE_PORTS };
}

/** `npm start` in the copy, until the test ends. */
async function startCopy(): Promise<void> {
  const stack = spawn('npm', ['start'], { cwd: copy, env: environment(), detached: true });
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

describe(PAGE, () => {
  it('names three files: contract, activity and test', () => {
    expect(files.map((file) => file.path)).toEqual([
      'contracts/own/tasks.ts',
      'activities/own/index.ts',
      'test/unit/own/count-words.test.ts',
    ]);
    expect([checks.length, calls.length]).toEqual([1, 1]);
  });

  // In one test: each step needs the one before.
  it('is right: followed to the letter, the task compiles, passes its test and runs on the stack', async () => {
    for (const file of files) {
      const target = path.join(copy, file.path!);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, file.code);
    }
    for (const { code } of checks) await outputOf(code);
    await outputOf(
      'npm run -s docs && npx vitest run --project unit test/unit/contracts test/unit/queues test/unit/tasks',
    );
    expect(readFileSync(path.join(copy, 'docs/tasks.md'), 'utf8')).toContain('`own.countWords`');

    await startCopy();
    for (const { code, shown, line } of calls) {
      const output = await outputOf(code);
      expect(shown.length).toBeGreaterThan(0);
      for (const text of shown)
        expect(contains(output, text), `${PAGE}:${String(line)} says "${text}", got:\n${output}`).toBe(true);
    }
  });
});
