/**
 * `perennial build`: checks the application of the folder, and writes to its `dist/` what processes run in production:
 * JavaScript in place of TypeScript, and the workflows as one bundle.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type BuiltManifest, readBuilt, removeBuilt } from '../application/built.ts';
import { compileModules } from '../application/compile.ts';
import { copyRead } from '../application/copy.ts';
import { applicationDirOrExit } from '../application/find.ts';
import { exitIfInvalid } from '../application/open.ts';
import { type Application, loadApplication } from '../application/load.ts';
import { compiledName } from '../application/modules.ts';
import { loadConfigOrExit } from '../config/load.ts';
import { BUILT_MANIFEST, productVersion } from '../config/project.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { bundleApplication } from './application.ts';

const BUNDLE = 'workflow-bundle.js';

/** The compiler of an application, which need not have one. */
const COMPILER = 'typescript/bin/tsc';

async function main(): Promise<void> {
  process.umask(0o022); // an image is built by one user and run by another
  const config = loadConfigOrExit();
  const folder = applicationDirOrExit(config, 'perennial build');
  const isTyped = hasRightTypes(folder); // what the compiler finds is told beside the faults that loading finds
  const application = await loadApplication(folder);
  if (!isTyped) process.exit(exitCodes.config);
  await mkdir(config.stateDir, { recursive: true });
  const code = await bundleApplication(application, {
    bundleFile: config.worker.workflowBundle,
    folder: config.stateDir,
  });
  const target = path.dirname(path.join(folder, BUILT_MANIFEST));
  await removeBuilt(folder); // what fails half-way is not run, and what is no longer in the application is not left behind
  await writeBuilt(application, target, code);
  await loadApplication(folder, { built: readBuilt(folder) });
  process.stdout.write(`Built ${target}\n`);
}

/** Writes everything to the folder `target`, the manifest last. */
async function writeBuilt(application: Application, target: string, code: string): Promise<void> {
  const { folder } = application;
  const { workflows: _inBundle, data, ...files } = application.files;
  const named = [...Object.values(files).flat(), ...workflowsOfPlugins(application)];
  const modules = await compileModules(folder, named, target);
  const copied = await copyRead(folder, { modules, further: data, target });
  // Node reads `.js` as what the nearest manifest says.
  const further = { [BUNDLE]: code, 'package.json': '{ "type": "module" }\n' };
  for (const [name, text] of Object.entries(further)) await writeFile(path.join(target, name), text);
  const written = [...modules.map(compiledName), ...copied, ...Object.keys(further)].sort();
  const manifest = manifestOf(application, written);
  await writeFile(path.join(folder, BUILT_MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

function manifestOf({ files }: Application, written: BuiltManifest['written']): BuiltManifest {
  const names = (given: readonly string[]): readonly string[] => given.map(compiledName);
  return {
    version: productVersion,
    files: {
      config: compiledName(files.config),
      tasks: names(files.tasks),
      canvases: names(files.canvases),
      schedules: names(files.schedules),
      routes: names(files.routes),
      workflows: [],
      data: [],
    },
    bundle: BUNDLE,
    written,
  };
}

/**
 * Modules that a plug-in in the folder of the application names; it looks for them when it is loaded, although the bundle holds them.
 */
function workflowsOfPlugins({ folder, files, workflows }: Application): readonly string[] {
  const inFolder = workflows.map((file) => path.relative(folder, file).split(path.sep).join('/'));
  const foreign = /^\.\.\/|(^|\/)node_modules\//;
  return inFolder.filter((file) => !foreign.test(file) && !files.workflows.includes(file));
}

/** Asks the compiler of the application, when it has one; it prints what it finds in each module. */
function hasRightTypes(folder: string): boolean {
  if (!existsSync(path.join(folder, 'tsconfig.json'))) return true;
  const compiler = compilerOf(folder);
  if (compiler === undefined) return true;
  const { status } = spawnSync(process.execPath, [compiler, '--noEmit', '-p', folder], {
    cwd: folder,
    stdio: 'inherit',
  });
  return status === 0;
}

function compilerOf(folder: string): string | undefined {
  try {
    return createRequire(path.join(folder, 'package.json')).resolve(COMPILER);
  } catch {
    return undefined; // an application in JavaScript needs none
  }
}

try {
  await main();
  process.exit(exitCodes.ok);
} catch (error) {
  exitIfInvalid(error);
  throw error;
}
