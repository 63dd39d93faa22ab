/** An application in an empty folder that has installed the packed files. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildCreatePackage } from '../../../scripts/package/create.ts';
import { buildPackage, packPackage, REPOSITORY } from '../../../scripts/package/build.ts';

const run = promisify(execFile);

/** What a program printed, and how it ended. */
interface Ended {
  readonly code: number;
  readonly output: string;
}

export interface Application {
  readonly archive: string;
  /** The installed package. */
  readonly installed: string;
  write(file: string, text: string): Promise<void>;
  /** Runs Node on a file of the application, or of this repository. */
  node(args: readonly string[], env?: NodeJS.ProcessEnv, program?: string): Promise<Ended>;
  /** Bytes of everything that is installed, less what the packages that are named bring. */
  bytesBeside(names: readonly string[]): number;
  remove(): Promise<void>;
}

/** Builds and packs the packages, and installs them. */
export async function installApplication(): Promise<Application> {
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-package-'));
  await buildPackage(path.join(folder, 'package'));
  const archive = await packPackage(path.join(folder, 'package'), folder);
  const app = path.join(folder, 'app');
  await mkdir(app);
  await writeFile(path.join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  await buildCreatePackage(REPOSITORY, path.join(folder, 'create'));
  const createArchive = await packPackage(path.join(folder, 'create'), folder);
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=error'];
  await run('npm', ['install', ...quiet, archive, createArchive], { cwd: app });
  return {
    archive,
    installed: path.join(app, 'node_modules', '@perennialjs', 'perennial'),
    write: async (file, text) => {
      await mkdir(path.dirname(path.join(app, file)), { recursive: true });
      await writeFile(path.join(app, file), text);
    },
    node: (args, env = {}, program = process.execPath) =>
      ended(run(program, [...args], { cwd: app, env: { ...process.env, ...env } })),
    bytesBeside: (names) => {
      const without = withDependencies(path.join(app, 'node_modules'), names);
      return sum(
        packagesIn(path.join(app, 'node_modules')).filter((found) => !without.has(found)),
        app,
      );
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The compiler of this repository. */
export const COMPILER = path.join(REPOSITORY, 'node_modules/typescript/bin/tsc');

/** A command of this repository's packages. */
export function command(name: string): string {
  return path.join(REPOSITORY, 'node_modules/.bin', name);
}

async function ended(running: Promise<{ stdout: string; stderr: string }>): Promise<Ended> {
  try {
    const { stdout, stderr } = await running;
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string }; // of execFile
    return { code: code ?? 1, output: `${stdout ?? ''}${stderr ?? ''}` };
  }
}

/** Names of the packages at the top of `node_modules`, where npm has put all of them. */
function packagesIn(modules: string): readonly string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(path.join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
}

function withDependencies(modules: string, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const manifest = path.join(modules, name, 'package.json');
    if (found.has(name) || !existsSync(manifest)) continue;
    found.add(name);
    const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      dependencies?: Readonly<Record<string, string>>;
    };
    waiting.push(...Object.keys(dependencies));
  }
  return found;
}

function sum(names: readonly string[], app: string): number {
  const files = names.flatMap((name) =>
    readdirSync(path.join(app, 'node_modules', name), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    ),
  );
  return files.reduce((total, file) => total + statSync(path.join(file.parentPath, file.name)).size, 0);
}
