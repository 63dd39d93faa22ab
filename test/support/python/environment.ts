/** A Python environment with the pinned packages, which all runs share, and the package of this repository. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectDir } from '../../../config/project.ts';
import { withLock } from '../../../stack/state.ts';
import { defaultCacheDir } from '../../../stack/temporal/binary.ts';

/** The folder of the Python package. */
export const packageDir = path.join(projectDir, 'python');

const PINS = path.join(packageDir, 'requirements.txt');
const LARGEST_OUTPUT = 64 * 1024 * 1024;
const execute = promisify(execFile);

/** Runs a program in a folder; returns what it printed. @throws Error with all of its output */
export async function run(
  [program = '', ...args]: readonly string[],
  { cwd = packageDir, env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: LARGEST_OUTPUT };
    const { stdout, stderr } = await execute(program, args, options);
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

const USABLE =
  'import ensurepip, sys, venv; print("%d.%d" % sys.version_info[:2]); sys.exit(sys.version_info < (3, 10))';

/** Finds Python 3.10 or later with `venv`. @returns its version, or `undefined` */
export async function findPython(): Promise<string | undefined> {
  return run(['python3', '-c', USABLE], { cwd: projectDir }).then(
    (version) => version.trim(),
    () => undefined,
  );
}

/**
 * Provides the environment of these pins, from the cache or from the package index.
 *
 * @returns the interpreter of the environment
 */
export async function providePython(version: string): Promise<string> {
  const name = createHash('sha256').update(version).update(readFileSync(PINS)).digest('hex').slice(0, 16);
  const cache = path.join(defaultCacheDir(), '../python');
  const folder = path.join(cache, name);
  const [whole, python] = [path.join(folder, 'whole'), path.join(folder, 'bin/python')];
  mkdirSync(cache, { recursive: true });
  await withLock(path.join(cache, `${name}.lock`), async () => {
    if (existsSync(whole)) return;
    rmSync(folder, { recursive: true, force: true });
    await run(['python3', '-m', 'venv', folder]);
    await run([python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', PINS]);
    writeFileSync(whole, '');
  });
  return python;
}

/** Builds the package and installs its wheel in a folder for `PYTHONPATH`. @returns the folder */
export async function installPackage(python: string, folder: string): Promise<string> {
  const [built, site] = [path.join(folder, 'dist'), path.join(folder, 'site')];
  await run([python, '-m', 'build', '--no-isolation', '--outdir', built, packageDir]);
  const wheel = readdirSync(built).find((file) => file.endsWith('.whl')) ?? '';
  const install = ['install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-index', '--target', site];
  await run([python, '-m', 'pip', ...install, path.join(built, wheel)]);
  return site;
}
