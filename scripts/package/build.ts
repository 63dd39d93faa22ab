/**
 * Writes the published packages: the product to `build/package/`, from compiled modules, declarations and what the modules
 * read, and what `npm create` runs to `build/create/`.
 *
 *   npm run build              the folders
 *   npm run build -- --pack    and the archives that npm would publish, in `build/`
 */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findReference, PACKED_REFERENCE } from '../../api/http/reference.ts';
import { provideProduct } from '../../stack/product.ts';
import { entriesPage } from '../docs/package-entries.ts';
import { compileDeclarations, packagesOfTypes } from './compile.ts';
import { buildCreatePackage } from './create.ts';
import { bundleCommand, COMMAND } from './command.ts';
import { entries, PREBUILT_BUNDLE, SOURCE_ONLY } from './entries.ts';
import { needsOf } from './graph.ts';
import { MODULES, packageManifest, packagesOf, requirementsOf } from './manifest.ts';

const run = promisify(execFile);

/** Folder of this repository. */
export const REPOSITORY = path.resolve(import.meta.dirname, '../..');

/** Files of this repository that the package holds under other names. */
const COPIES: Readonly<Record<string, string>> = {
  LICENSE: 'LICENSE',
  'CHANGELOG.md': 'CHANGELOG.md',
};

/**
 * Builds the package in a folder, which is emptied before.
 *
 * @throws Error when the modules do not compile, or an entry shows types of a package that it does not bring
 */
export async function buildPackage(target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const compiledDir = await provideProduct();
  await Promise.all([
    copyModules(compiledDir, path.join(target, MODULES)),
    bundleCommand(REPOSITORY, compiledDir, path.join(target, MODULES)),
    bundleWorkflows(compiledDir, path.join(target, MODULES, PREBUILT_BUNDLE)),
    copyReference(path.join(target, MODULES)),
    copyRest(target),
  ]);
  await writeDeclarations(path.join(target, MODULES));
}

/** Packs the package and returns the archive. */
export async function packPackage(folder: string, destination: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', destination], {
    cwd: folder,
  });
  return path.join(destination, stdout.trim());
}

async function copyModules(compiledDir: string, target: string): Promise<void> {
  const { modules, assets } = needsOf(
    REPOSITORY,
    Object.values(entries).flatMap((entry) => entry.modules),
  );
  const files = [...modules].map((file) => file.replace(/\.ts$/, '.js'));
  const loaded = [...files, ...assets].filter((file) => !SOURCE_ONLY.includes(file) && !file.startsWith(COMMAND));
  for (const file of loaded) await cp(path.join(compiledDir, file), path.join(target, file), { recursive: true });
}

/** The package that the program comes from needs 300 MB of others, all of which are in this one file. */
async function copyReference(target: string): Promise<void> {
  const program = findReference(REPOSITORY);
  if (program === undefined)
    throw new Error("expected @scalar/api-reference to be installed, found none: run 'npm ci'");
  await mkdir(target, { recursive: true });
  await cp(program, path.join(target, path.basename(PACKED_REFERENCE)));
}

async function bundleWorkflows(compiledDir: string, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await run(process.execPath, [path.join(compiledDir, 'workers/build-bundle.js'), file]);
  await writeFile(file, withRelativePaths(await readFile(file, 'utf8')));
}

/** The source map at the end of a bundle holds paths of the machine that built it. */
function withRelativePaths(code: string): string {
  return code.replace(/(?<=sourceMappingURL=data:application\/json;[^,]*base64,)[\w+/=]+/, (encoded) => {
    const map = Buffer.from(encoded, 'base64').toString();
    return Buffer.from(map.replaceAll(inJson(REPOSITORY + path.sep), '')).toString('base64');
  });
}

/** The page about installing, with the table of entries; its links lead nowhere outside of the repository. */
async function readme(): Promise<string> {
  const page = await readFile(path.join(REPOSITORY, 'docs/installing.md'), 'utf8');
  const table = entriesPage(REPOSITORY).replace('# Entries', '## Entries');
  return `${page.replace('# Installing', '# Perennial')}\n${table}`.replace(/\[([^\]]+)\]\([\w-]+\.md\)/g, '$1');
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

async function copyRest(target: string): Promise<void> {
  for (const [from, to] of Object.entries(COPIES)) await cp(path.join(REPOSITORY, from), path.join(target, to));
  await writeFile(path.join(target, 'README.md'), await readme());
  const launcher = path.join(target, 'bin/perennial.mjs');
  await cp(path.join(import.meta.dirname, 'perennial.mjs'), launcher);
  await chmod(launcher, 0o755);
  await writeFile(path.join(target, 'bin/needs.json'), JSON.stringify(needs()));
  await writeFile(path.join(target, 'package.json'), `${JSON.stringify(packageManifest(REPOSITORY), undefined, 2)}\n`);
}

/** The packages of each program and plug-in: the launcher says which are missing, and `init` writes those of `dev`. */
function needs(): Readonly<Record<string, readonly string[]>> {
  const programs = Object.entries(entries).filter(([, entry]) => entry.path === undefined);
  return Object.fromEntries(programs.map(([name, entry]) => [name, packagesOf(REPOSITORY, entry)]));
}

async function writeDeclarations(target: string): Promise<void> {
  const modules = Object.values(entries).flatMap((entry) => (entry.path === undefined ? [] : entry.modules));
  const declarations = compileDeclarations(REPOSITORY, modules);
  const { dependencies } = requirementsOf(REPOSITORY);
  for (const [name, file] of packagesOfTypes(declarations, modules))
    if (dependencies[name] === undefined)
      throw new Error(`${file}: expected types of the dependencies only, got ${name}; keep it out of what is exported`);
  for (const [file, text] of declarations) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    await writeFile(path.join(target, file), text);
  }
}

if (process.argv[1] === import.meta.filename) {
  const build = path.join(REPOSITORY, 'build');
  const folders = ['package', 'create'].map((name) => path.join(build, name));
  const [product = '', create = ''] = folders;
  await Promise.all([buildPackage(product), buildCreatePackage(REPOSITORY, create)]);
  const archives = process.argv.includes('--pack') ? folders.map((folder) => packPackage(folder, build)) : [];
  for (const made of [...folders, ...(await Promise.all(archives))]) console.log(path.relative(REPOSITORY, made));
}
