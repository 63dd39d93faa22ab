/** Loads the modules of an application: TypeScript as it stands, and JavaScript. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ApplicationFault } from './faults.ts';

/** The exports of a module, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/** A loaded module of an application. */
export interface LoadedModule {
  /** Relative to the folder of the application, as messages name it. */
  readonly file: string;
  readonly exports: Exports;
}

/** Modules of an application by what they export, relative to its folder. */
export interface ModuleFiles {
  readonly config: string;
  readonly tasks: readonly string[];
  readonly canvases: readonly string[];
  readonly schedules: readonly string[];
  readonly routes: readonly string[];
  readonly workflows: readonly string[];
  /** What modules read beside those files that lie beside them. */
  readonly data: readonly string[];
}

/** The kinds of module that an application may have. */
export const MODULE = /\.[cm]?[jt]s$/;

/** Returns the compiled name of a module. */
export function compiledName(file: string): string {
  return file.replace(MODULE, '.js');
}

const TYPESCRIPT = /\.m?ts$/;
let loader: Promise<void> | undefined;

/** Loads a module. @throws whatever the module throws, or the compiler */
async function loadModule(file: string): Promise<Exports> {
  // Registered once, and only for an application that has TypeScript.
  if (TYPESCRIPT.test(file)) loader ??= registerLoader();
  await loader;
  const exports = (await import(pathToFileURL(file).href)) as Exports; // a namespace has whatever the module exports
  return withoutInterop(exports);
}

/** An application without `"type": "module"` in its package.json is loaded as CommonJS, which has a loader of its own. */
async function registerLoader(): Promise<void> {
  const [forModules, forCommonJs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')]);
  forCommonJs.register();
  forModules.register();
}

/** The exports of a module that was compiled to CommonJS stand under `default`. */
function withoutInterop(exports: Exports): Exports {
  const { default: inner, ...others } = exports;
  const isNamespace = typeof inner === 'object' && inner !== null && '__esModule' in inner;
  return isNamespace && Object.keys(others).every((name) => name === 'module.exports' || name in inner)
    ? inner // as above
    : exports;
}

/** Loads the modules of some patterns. A module that cannot be loaded becomes a fault, and the others are loaded. */
export async function loadModules(
  folder: string,
  files: readonly string[],
  faults: ApplicationFault[],
): Promise<readonly LoadedModule[]> {
  const loaded: LoadedModule[] = [];
  // One after the other: modules with effects at load then have them in the order of their names.
  for (const file of files) {
    try {
      loaded.push({ file, exports: await loadModule(path.join(folder, file)) });
    } catch (error) {
      faults.push({
        field: file,
        expected: 'a module that loads',
        got: firstLines(error),
        remedy: 'Mend the module; it must load without doing work.',
      });
    }
  }
  return loaded;
}

const MOST_LINES = 6;

function firstLines(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.split('\n').slice(0, MOST_LINES).join('\n');
}

/** Returns the files of some patterns, relative to the folder and sorted; types and tests are left out. */
export async function filesOf(folder: string, patterns: readonly string[]): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby'); // commands outside of an application do without it
  const files = await glob([...patterns], {
    cwd: folder,
    ignore: ['**/node_modules/**', '**/*.d.ts', '**/*.d.mts', '**/*.test.*', '**/*.spec.*'],
    expandDirectories: false,
  });
  return files.sort();
}
