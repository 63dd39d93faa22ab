/** Builds an image as its Dockerfile says, in folders in place of containers: tests run where no engine is. */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { glob } from 'tinyglobby';
import { REPOSITORY } from '../../../scripts/package/build.ts';
import { instructionsOf } from '../../support/compose.ts';

const run = promisify(execFile);

/** What a container would begin with. */
export interface Image {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
}

/** What is done in place of a command of the Dockerfile. */
export type InPlace = Readonly<Record<string, (folder: string) => Promise<void>>>;

/**
 * Builds the image of a folder.
 *
 * @param work - folder for the stages
 * @param inPlace - commands that need a registry or rights that tests do not have; each must come up
 */
export async function buildImage(context: string, work: string, inPlace: InPlace): Promise<Image> {
  const used = new Set<string>();
  const stages = new Map<string, string>();
  const image = { folder: '', env: {} as Record<string, string>, entrypoint: [] as string[] };
  const runAll = async (commands: string): Promise<void> => {
    for (const command of commands.split(' && ')) {
      const other = inPlace[command];
      if (other === undefined) await run('sh', ['-c', command], { cwd: image.folder, env: cleanEnvironment() });
      else await other(image.folder);
      used.add(command);
    }
  };
  const steps: Readonly<Record<string, (rest: string) => Promise<void> | void>> = {
    FROM: async (rest) => {
      image.folder = path.join(work, `stage-${String(stages.size)}`);
      stages.set(/ AS (\w+)/.exec(rest)?.[1] ?? 'last', image.folder);
      await mkdir(image.folder, { recursive: true });
    },
    ENV: (rest) => void Object.assign(image.env, Object.fromEntries(rest.split(/\s+/).map((pair) => pair.split('=')))),
    COPY: (rest) => copy(rest, { context, stages, folder: image.folder }),
    RUN: runAll,
    ENTRYPOINT: (rest) => void (image.entrypoint = JSON.parse(rest) as string[]),
  };
  for (const { name, rest } of instructionsOf(await readFile(path.join(context, 'Dockerfile'), 'utf8')))
    await steps[name]?.(rest);
  const unused = Object.keys(inPlace).filter((command) => !used.has(command));
  if (unused.length > 0) throw new Error(`expected the Dockerfile to run ${unused.join(', ')}`);
  return image;
}

interface Stage {
  readonly context: string;
  readonly stages: ReadonlyMap<string, string>;
  readonly folder: string;
}

async function copy(rest: string, { context, stages, folder }: Stage): Promise<void> {
  const words = rest.split(/\s+/);
  const from = /^--from=(\w+)$/.exec(rest.split(/\s+/, 1)[0] ?? '')?.[1];
  if (from === undefined) {
    await copyContext(words.slice(0, -1), context, folder);
    return;
  }
  const [, name = '', target = ''] = words;
  const found = path.join(stages.get(from) ?? '', name.replace(/^\/app\//, ''));
  await cp(found, path.join(folder, target), { recursive: true, verbatimSymlinks: true });
}

async function copyContext(names: readonly string[], context: string, folder: string): Promise<void> {
  const ignored = (await readFile(path.join(context, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '');
  const ignore = ignored.flatMap((line) => [line, `${line}/**`]);
  for (const name of names) {
    const found = await glob([name === '.' ? '**' : name], { cwd: context, dot: true, ignore });
    if (found.length === 0) throw new Error(`COPY ${name}: expected a file in the context, found none`);
    for (const file of found) await cp(path.join(context, file), path.join(folder, file));
  }
}

/** The manifest of a folder, as far as it names packages. */
interface Packages {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const packagesIn = async (folder: string): Promise<Packages> =>
  JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Packages;

/**
 * Installs what a folder names, and no more, in place of `npm ci`: the product from its packed files, the other packages from this
 * repository.
 */
export async function installNamed(folder: string, product: string): Promise<void> {
  const modules = path.join(folder, 'node_modules');
  await cp(product, path.join(modules, '@perennialjs/perennial'), { recursive: true });
  const { dependencies, devDependencies } = await packagesIn(folder);
  const names = new Set(
    Object.keys({ ...dependencies, ...devDependencies, ...(await packagesIn(product)).dependencies }),
  );
  names.delete('@perennialjs/perennial');
  for (const name of names) {
    const ours = path.join(REPOSITORY, 'node_modules', name);
    if (!existsSync(ours)) throw new Error(`expected the package ${name} among those of this repository, found none`);
    await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
    await symlink(ours, path.join(modules, name));
  }
  await mkdir(path.join(modules, '.bin'));
  await symlink('../@perennialjs/perennial/bin/perennial.mjs', path.join(modules, '.bin/perennial'));
}

/** Removes what only development needs, in place of `npm prune`. */
export async function removeTools(folder: string): Promise<void> {
  const { devDependencies = {} } = await packagesIn(folder);
  for (const name of Object.keys(devDependencies)) await rm(path.join(folder, 'node_modules', name));
}

/** A process of an image. */
export interface Running {
  /** What it has printed. */
  readonly said: () => string;
  readonly ended: Promise<number | null>;
  /** Asks it to end; returns its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a command in an image. */
export function startIn(
  { folder, env, entrypoint }: Image,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Running {
  const [program = '', ...args] = [...entrypoint, ...command];
  const child = spawn(path.join(folder, program), args, {
    cwd: folder,
    env: { ...cleanEnvironment(), ...env, ...variables },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    said: () => said,
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Nothing of the test that runs this. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME };
}
