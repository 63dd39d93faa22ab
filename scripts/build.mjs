/**
 * Compiles the product into `dist/`, file by file, because Node starts a compiled worker with less than half of the CPU
 * time that a loader for TypeScript needs. Only changed files are compiled. Types are not checked; that is the task of
 * `npm run typecheck`. The script is plain JavaScript because it runs before anything is compiled.
 *
 *   node scripts/build.mjs
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withProjectLock } from './lock.mjs';

const script = fileURLToPath(import.meta.url);
const project = path.resolve(path.dirname(script), '..');
const dist = path.join(project, 'dist');
const stamp = path.join(dist, 'stamp');

/** The folders of the product; tests, tools and benchmarks run from their source. */
const FOLDERS = [
  'activities',
  'api',
  'application',
  'canvas',
  'cli',
  'client',
  'concurrency',
  'config',
  'conformance',
  'contracts',
  'define',
  'observability',
  'payloads',
  'schedules',
  'services',
  'stack',
  'testing',
  'workers',
  'workflows',
];
/** Documentation is not copied to `dist/`. */
const NOT_SHIPPED = /\.md$/;
/** Number of compiled files from which the build takes long enough to be reported. */
const WORTH_TELLING = 50;

/**
 * Brings `dist/` up to date and returns its path. Processes that run from it at the same time see only complete files.
 *
 * @param {{ tell?: (line: string) => void }} [options] `tell` receives a line when many files were compiled
 */
export async function build({ tell = () => undefined } = {}) {
  // Every command of the command line asks, so that the usual answer costs no lock and no look at the compiled files.
  if (readStamp() !== stampOf(sources()))
    await withProjectLock({ project, name: 'build', staleMs: 120_000 }, () => compileAll(tell));
  return dist;
}

async function compileAll(tell) {
  const found = sources();
  const next = stampOf(found);
  if (readStamp() === next) return; // another process has compiled everything meanwhile
  const startedAt = Date.now();
  prepare();
  const wanted = new Map(found.map((source) => [targetOf(source.file), source]));
  const stale = [...wanted].filter(([target, source]) => !isFresh(target, source));
  const telling = stale.length >= WORTH_TELLING ? tell : () => undefined;
  telling(`Compiling ${stale.length} files …`);
  const compile = stale.length > 0 ? await compiler() : undefined;
  for (const [target, source] of stale) write(target, source, compile);
  for (const file of filesUnder(dist)) if (!wanted.has(file)) rmSync(file);
  writeFileSync(stamp, next);
  telling(`Compiled in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** Prepares `dist/`; files that were compiled with other settings are deleted. Without a stamp, nothing counts as done. */
function prepare() {
  if (readStamp()?.split('\n', 1)[0] === settings()) rmSync(stamp);
  else rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
}

/** Returns the stamp of the last build that ended, or `undefined`. */
function readStamp() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined;
  }
}

/** Describes what `dist/` was made of: the settings, then each source with its modification time. */
function stampOf(found) {
  return [settings(), ...found.map(({ file, changedMs }) => `${changedMs} ${path.relative(project, file)}`)].join('\n');
}

function sources() {
  // A container image has no folder conformance/.
  const present = FOLDERS.map((folder) => path.join(project, folder)).filter((folder) => existsSync(folder));
  return present
    .flatMap(filesUnder)
    .filter((file) => !NOT_SHIPPED.test(file))
    .map((file) => ({ file, changedMs: Math.round(statSync(file).mtimeMs) }));
}

function targetOf(source) {
  return path.join(dist, path.relative(project, source).replace(/\.ts$/, '.js'));
}

/** The compiler and this script, which decide what a source becomes. */
function settings() {
  const { version } = createRequire(import.meta.url)('typescript/package.json');
  return `TypeScript ${version}, script of ${Math.round(statSync(script).mtimeMs)}`;
}

/** Lists files by hand: the recursive `readdir` of Node takes three times as long. */
function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const entryPath = `${folder}${path.sep}${entry.name}`;
    if (entry.isDirectory()) return filesUnder(entryPath);
    return entry.isFile() ? [entryPath] : [];
  });
}

/** Returns whether a compiled file has the modification time of its source. */
function isFresh(target, { changedMs }) {
  const made = statSync(target, { throwIfNoEntry: false });
  return made !== undefined && Math.round(made.mtimeMs) === changedMs;
}

/** Loads the compiler; it is loaded only when a file has changed, because loading takes half a second. */
async function compiler() {
  const { default: ts } = await import('typescript');
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  return (file) => ts.transpileModule(readFileSync(file, 'utf8'), { fileName: file, compilerOptions }).outputText;
}

function write(target, { file, changedMs }, compile) {
  const unfinished = `${target}.new`;
  mkdirSync(path.dirname(target), { recursive: true });
  if (file.endsWith('.ts')) writeFileSync(unfinished, compile(file));
  else copyFileSync(file, unfinished);
  const time = new Date(changedMs);
  utimesSync(unfinished, time, time);
  renameSync(unfinished, target);
}

if (process.argv[1] === script) await build({ tell: (line) => process.stderr.write(`${line}\n`) });
