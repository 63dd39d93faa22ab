/**
 * Breaks one guard after the other in a copy of the repository and runs the test that must fail.
 *
 *   npm run mutations              all guards
 *   npm run mutations -- api/      guards whose file path contains a text
 *
 * Exits with 1 when a mutation survives, or when a text to replace does not occur exactly once.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mutations, type Mutation } from './mutations/guards.ts';

const root = path.resolve(import.meta.dirname, '..');
const LIMIT_MS = 300_000;

/** Copies the files that git tracks or would add, as they are in the work tree. */
function copyRepository(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'perennial-mutations-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = listed.split('\0').filter((file) => file !== '' && !file.startsWith('node_modules'));
  for (const file of new Set(files)) cpSync(path.join(root, file), path.join(copy, file), { force: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  return copy;
}

type Outcome = 'caught' | 'survived' | 'text not found';

function tryMutation(copy: string, { file, from, to, test }: Mutation): Outcome {
  const target = path.join(copy, file);
  const before = readFileSync(target, 'utf8');
  if (before.split(from).length !== 2) return 'text not found';
  writeFileSync(
    target,
    before.replace(from, () => to),
  );
  try {
    return runTest(copy, test) ? 'survived' : 'caught';
  } finally {
    writeFileSync(target, before);
  }
}

/** Returns whether a test file passes; the first failure ends it. */
function runTest(copy: string, test: string): boolean {
  const vitest = path.join(copy, 'node_modules', 'vitest', 'vitest.mjs');
  const run = spawnSync(process.execPath, [vitest, 'run', test, '--bail', '1'], {
    cwd: copy,
    stdio: 'ignore',
    timeout: LIMIT_MS,
  });
  return run.status === 0;
}

function main(): number {
  const [part = ''] = process.argv.slice(2);
  const chosen = mutations.filter(({ file }) => file.includes(part));
  const copy = copyRepository();
  let wrong = 0;
  try {
    // A test that fails without a mutation would seem to catch every mutation.
    for (const test of new Set(chosen.map((mutation) => mutation.test))) {
      if (runTest(copy, test)) continue;
      wrong += 1;
      process.stdout.write(`fails unchanged  ${test}\n`);
    }
    for (const mutation of chosen) {
      const outcome = tryMutation(copy, mutation);
      if (outcome !== 'caught') wrong += 1;
      process.stdout.write(`${outcome.padEnd(15)}  ${mutation.file}: ${mutation.what}\n`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  process.stdout.write(`${String(chosen.length)} mutations, ${String(wrong)} wrong\n`);
  return chosen.length === 0 || wrong > 0 ? 1 : 0;
}

process.exit(main());
