/**
 * Compiles the product into `dist/`, file by file, because Node starts a compiled worker with less than half of the CPU
 * time that a loader for TypeScript needs. Only changed files are compiled. Types are not checked; that is the task of
 * `npm run typecheck`. The script is plain JavaScript because it runs before anything is compiled.
 *
 *   node scripts/build.mjs
 */
import { createHash } from 'node:crypto';
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

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

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
export function build({ tell = () => undefined } = {}) {
  return withProjectLock({ project, name: 'build', staleMs: 120_000 }, async () => {
    const startedAt = Date.now();
    const { dist, stamp, settings } = prepare();
    const wanted = new Map(sources().map((source) => [targetOf(source, dist), source]));
    const stale = [...wanted].filter(([target, source]) => !isFresh(target, source));
    const telling = stale.length >= WORTH_TELLING ? tell : () => undefined;
    telling(`Compiling ${stale.length} files …`);
    const compile = stale.length > 0 ? await compiler() : undefined;
    for (const [target, source] of stale) write(target, source, compile);
    for (const file of filesUnder(dist)) if (!wanted.has(file) && file !== stamp) rmSync(file);
    writeFileSync(stamp, settings);
    telling(`Compiled in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
    return dist;
  });
}

/** Prepares `dist/`; files that were compiled with other settings are deleted. */
function prepare() {
  const dist = path.join(project, 'dist');
  const stamp = path.join(dist, 'stamp');
  const settings = settingsHash();
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== settings) rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  return { dist, stamp, settings };
}

function sources() {
  // A container image has no folder conformance/.
  const present = FOLDERS.map((folder) => path.join(project, folder)).filter((folder) => existsSync(folder));
  return present.flatMap(filesUnder).filter((file) => !NOT_SHIPPED.test(file));
}

function targetOf(source, dist) {
  return path.join(dist, path.relative(project, source).replace(/\.ts$/, '.js'));
}

function settingsHash() {
  const version = createRequire(import.meta.url)('typescript/package.json').version;
  return createHash('sha256')
    .update(version)
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest('hex');
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Returns whether a compiled file has the modification time of its source. */
function isFresh(target, source) {
  const made = statSync(target, { throwIfNoEntry: false });
  return made !== undefined && Math.round(made.mtimeMs) === Math.round(statSync(source).mtimeMs);
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

function write(target, source, compile) {
  const { mtimeMs } = statSync(source);
  const unfinished = `${target}.new`;
  mkdirSync(path.dirname(target), { recursive: true });
  if (source.endsWith('.ts')) writeFileSync(unfinished, compile(source));
  else copyFileSync(source, unfinished);
  const time = new Date(Math.round(mtimeMs));
  utimesSync(unfinished, time, time);
  renameSync(unfinished, target);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await build({ tell: (line) => process.stderr.write(`${line}\n`) });
