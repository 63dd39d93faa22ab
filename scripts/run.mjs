/**
 * Runs an entry of the product, after it has checked the Node version and installed missing dependencies. The script is
 * plain JavaScript and uses only modules of Node, because it runs before anything is installed.
 *
 *   node scripts/run.mjs stack/start.ts …       a file of the product, compiled
 *   node scripts/run.mjs scripts/check/all.ts … another TypeScript file through tsx
 *   node scripts/run.mjs vitest run …           a command from node_modules/.bin
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withProjectLock } from './lock.mjs';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(project, 'node_modules');
const stamp = path.join(modules, '.perennial-stamp');
const NEEDED = [20, 19];
const windows = process.platform === 'win32';
/**
 * Initial size of the old space of V8, in MB. By default, V8 first collects it at 256 MB and then settles at a third of
 * that, so a process that needs only the third starts there.
 */
const COLLECT_EARLY = '--initial-old-space-size=64';

/**
 * Returns the problem of the running Node version, or `undefined`.
 *
 * @returns {string | undefined}
 */
function nodeProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return undefined;
  return `Perennial needs Node.js ${NEEDED.join('.')} or newer; this is ${version}. Install a newer one, for example from https://nodejs.org or with "nvm install 24".`;
}

/** Returns whether dependencies are current: the stamp holds the hash of the lockfile that was installed. */
function isInstalled(hash) {
  if (!existsSync(path.join(modules, 'tsx'))) return false;
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === hash;
  // Without a stamp, npm was run by hand; it writes its own copy of the lockfile last.
  const own = path.join(modules, '.package-lock.json');
  return existsSync(own) && statSync(own).mtimeMs >= statSync(path.join(project, 'package-lock.json')).mtimeMs;
}

async function install() {
  const hash = createHash('sha256')
    .update(readFileSync(path.join(project, 'package-lock.json')))
    .digest('hex');
  if (isInstalled(hash)) return;
  // Two processes must not run `npm ci` at the same time, because it deletes node_modules first.
  await withProjectLock({ project, name: 'install', staleMs: 600_000 }, async () => {
    if (isInstalled(hash)) return; // another process has installed them
    const startedAt = Date.now();
    const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
    const live = process.stderr.isTTY === true;
    process.stderr.write(`Installing dependencies (npm ci) …${live ? '' : '\n'}`);
    const tick = setInterval(
      () =>
        process.stderr.write(
          live ? `\rInstalling dependencies (npm ci) … ${seconds()}` : `  still installing, ${seconds()}\n`,
        ),
      live ? 1000 : 15_000,
    );
    const { code, output } = await installWithNpm();
    clearInterval(tick);
    if (code !== 0) {
      process.stderr.write(
        `\nnpm failed (exit code ${code}):\n${output}\nMend what npm names above, then start again. Without a network, copy node_modules from a machine that has them.\n`,
      );
      process.exit(1);
    }
    mkdirSync(modules, { recursive: true });
    writeFileSync(stamp, hash);
    process.stderr.write(`${live ? '\r' : ''}Dependencies installed in ${seconds()}.          \n`);
  });
}

/**
 * Installs with `npm ci`, and with `npm install` when `npm ci` refuses a lockfile that lacks an optional package of
 * another platform, which a registry without that package leaves out. `npm install` takes the same versions from the
 * lockfile and looks up only the missing package.
 */
async function installWithNpm() {
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  const result = await capture('npm', ['ci', ...options]);
  return result.code !== 0 && result.output.includes('EUSAGE')
    ? capture('npm', ['install', '--no-save', ...options])
    : result;
}

function capture(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: project, shell: windows, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-20_000);
      });
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Returns the file of a command of node_modules/.bin, which runs without a shell on every system. */
function commandFile(name) {
  const manifest = path.join(modules, name, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const file = typeof bin === 'string' ? bin : (bin?.[name] ?? undefined);
  return file === undefined ? undefined : path.join(modules, name, file);
}

/** Returns the arguments of Node that run the requested file or command. */
async function nodeArguments(entry, rest) {
  const file = path.resolve(project, entry);
  if (/\.[cm]?[jt]s$/.test(entry)) {
    if (!existsSync(file)) fail(`There is no ${entry} in ${project}.`);
    const compiled = await compiledFile(file);
    if (compiled !== undefined) return [COLLECT_EARLY, compiled, ...rest];
    // The loader is given by its file, because Node would look for its name from the caller's folder.
    return [
      COLLECT_EARLY,
      '--import',
      new URL('../node_modules/tsx/dist/loader.mjs', import.meta.url).href,
      file,
      ...rest,
    ];
  }
  const command =
    commandFile(entry === 'tsc' ? 'typescript' : entry) ??
    (entry === 'tsc' ? path.join(modules, 'typescript', 'bin', 'tsc') : undefined);
  if (command === undefined) fail(`There is neither a file nor a command named ${entry}.`);
  return [command, ...rest];
}

/** Returns the compiled form of a file of the product. */
async function compiledFile(file) {
  const { build } = await import('./build.mjs'); // the compiler is a dependency
  const dist = await build({ tell: (line) => process.stderr.write(`${line}\n`) });
  const compiled = path.join(dist, path.relative(project, file).replace(/\.ts$/, '.js'));
  return existsSync(compiled) ? compiled : undefined;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Runs Node as a child that takes the place of this process: same input and output, same signals, same exit code. */
function run(args) {
  // The values are those of stack/processes/child-env.ts: glibc gives each thread a heap and returns little of it.
  const env = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144', ...process.env };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  // A terminal sends Ctrl-C to the whole process group, so the child has it; this process must only outlive the child.
  const forward = (signal) => {
    if (!(process.stdin.isTTY === true && signal === 'SIGINT')) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', ...(windows ? [] : ['SIGUSR2'])]) process.on(signal, forward);
  followNpm(() => child.kill('SIGTERM'));
  child.on('error', (error) => fail(`Could not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/**
 * Calls `onLost` when the parent has ended: `npm` passes SIGTERM only to its shell, which ends without passing it on.
 */
function followNpm(onLost) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined || windows) return;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onLost();
  }, 500);
  watch.unref();
}

const [entry, ...rest] = process.argv.slice(2);
const problem = nodeProblem();
if (problem !== undefined) fail(problem);
if (entry === undefined) fail('Usage: node scripts/run.mjs <file.ts | command> [arguments]');
await install();
run(await nodeArguments(entry, rest));
