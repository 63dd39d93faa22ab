/** Starts the worker, and then the API, anew when a module of the application changes. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { watch } from 'chokidar';
import { CONFIG_NAMES } from '../config/project.ts';
import type { Config } from '../config/types.ts';
import type { Reporter } from './reporter.ts';
import type { Stack } from './supervisor.ts';
import { compiledDir } from './product.ts';

/** Modules, and the files that say how they are loaded. */
const OF_CODE = /(\.[cm]?[jt]s|(^|\/)(package|tsconfig)\.json)$/;
const NOT_CODE = /(^|\/)(node_modules|\.[^/]+|dist|build|coverage)\//;

/** An editor writes several files at once, and one file more than once. */
const SETTLED_MS = 100;

/** Which processes there are is decided once; what each of them serves is read anew. */
const FLEETS_STAY =
  'The processes stay as they are: after a change of `fleets`, stop `perennial dev --fleets` and start it again.';

/** Follows the changes of the application's folder until it is disposed of. */
export function followChanges(stack: Stack, config: Config, log: Reporter): Disposable {
  const { applicationDir } = config;
  if (applicationDir === undefined) return { [Symbol.dispose]: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  let isConfigChanged = false;
  const watcher = watch(applicationDir, {
    ignoreInitial: true,
    ignored: (name) => NOT_CODE.test(`${path.relative(applicationDir, name).split(path.sep).join('/')}/`),
  });
  watcher.on('all', (_event, name) => {
    const file = path.relative(applicationDir, name).split(path.sep).join('/');
    if (!OF_CODE.test(file)) return;
    isConfigChanged ||= CONFIG_NAMES.includes(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (isConfigChanged && config.worker.separateFleets) log.note(FLEETS_STAY);
      isConfigChanged = false;
      work = work.then(() => renew(stack, config, log, file));
    }, SETTLED_MS);
  });
  // What changes before is not noticed.
  watcher.on('ready', () => log.note(`Watching ${applicationDir}`));
  return {
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      void watcher.close();
    },
  };
}

async function renew({ addresses, processes }: Stack, config: Config, log: Reporter, file: string): Promise<void> {
  const startedAt = Date.now();
  log.step(`${file} changed`);
  try {
    await Promise.all(Object.keys(addresses.workers).map(async (name) => processes[name]?.restart()));
    log.done(
      `The ${Object.keys(addresses.workers).length === 1 ? 'worker runs' : 'workers run'} the new code after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
    );
    await processes['api']?.restart();
    await followModules(config, log);
  } catch (error) {
    log.failed(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Tells of faulty modules, and writes the schedules to the server. Processes of their own load the modules anew.
 */
async function followModules({ applicationDir, variables, schedules }: Config, log: Reporter): Promise<void> {
  const commands = [['check'], ...(schedules.sync ? [['schedules', 'sync']] : [])];
  for (const command of commands) {
    const told = await promisify(execFile)(process.execPath, [path.join(compiledDir, 'cli/main.js'), ...command], {
      cwd: applicationDir,
      env: { ...process.env, ...variables },
    }).catch((error: unknown) => ({ stderr: String((error as { readonly stderr?: unknown }).stderr ?? error) }));
    if (told.stderr === '') continue;
    log.note(told.stderr.trimEnd());
    return; // the second command would say the same
  }
}
