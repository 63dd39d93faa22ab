/** Compiles the modules of an application to JavaScript, each to a file of its own, so that they find files beside them. */
import path from 'node:path';
import { build, type OnResolveArgs, type Plugin } from 'esbuild';
import { type ApplicationFault, InvalidApplication } from './faults.ts';
import { compiledName, MODULE } from './modules.ts';

/**
 * Compiles modules, and those that they import by a relative path. Types are not checked.
 *
 * @param folder - of the application
 * @param files - relative to the folder
 * @param target - folder that receives them, at the places that they have in the application
 * @returns all modules that were compiled, relative to the folder
 * @throws InvalidApplication with every module that cannot be compiled
 */
export async function compileModules(
  folder: string,
  files: readonly string[],
  target: string,
): Promise<readonly string[]> {
  const seen = new Set<string>();
  let waiting = files.map((file) => path.join(folder, file));
  while (waiting.length > 0) {
    for (const file of waiting) seen.add(file);
    const found = new Set<string>();
    await compileEach(folder, waiting, { target, plugin: apart(folder, found) });
    waiting = [...found].filter((file) => !seen.has(file));
  }
  return [...seen].map((file) => path.relative(folder, file).split(path.sep).join('/'));
}

async function compileEach(
  folder: string,
  entryPoints: readonly string[],
  { target, plugin }: { readonly target: string; readonly plugin: Plugin },
): Promise<void> {
  await build({
    absWorkingDir: folder,
    entryPoints: [...entryPoints],
    outdir: target,
    outbase: folder,
    bundle: true, // without it, nothing would be resolved
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    plugins: [plugin],
  }).catch((error: unknown) => {
    throw new InvalidApplication(faultsIn(error));
  });
}

/** Leaves what a module imports from the application in its own file, and notes it. */
function apart(folder: string, found: Set<string>): Plugin {
  return {
    name: 'apart',
    setup: (bundler) => {
      bundler.onResolve({ filter: /^\.{1,2}\// }, async ({ path: specifier, ...args }: OnResolveArgs) => {
        if (args.kind === 'entry-point' || args.pluginData === RESOLVING) return undefined;
        const { kind, resolveDir, importer } = args;
        const { path: file, errors } = await bundler.resolve(specifier, {
          kind,
          resolveDir,
          importer,
          pluginData: RESOLVING,
        });
        const isOutside = path.relative(folder, file).startsWith('..');
        // Data, and modules outside of the application, become part of the module.
        if (errors.length > 0 || isOutside || !MODULE.test(file)) return undefined;
        found.add(file);
        const place = path.relative(resolveDir, compiledName(file)).split(path.sep).join('/');
        return { path: place.startsWith('.') ? place : `./${place}`, external: true };
      });
    },
  };
}

/** Marks what the plug-in itself asks. */
const RESOLVING = Symbol('resolving');

function faultsIn(error: unknown): ApplicationFault[] {
  const { errors } = error as { readonly errors?: readonly { text: string; location: Place | null }[] }; // of esbuild
  if (errors === undefined) throw error;
  return errors.map(({ text, location }) => ({
    field: location === null ? 'application' : `${location.file}:${String(location.line)}`,
    expected: 'a module that can be compiled',
    got: text,
    remedy: 'Mend the module.',
  }));
}

/** Where a fault is. */
interface Place {
  readonly file: string;
  readonly line: number;
}
