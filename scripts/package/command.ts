/**
 * Bundles the command line, because Node takes longer to find and read a thousand small modules than to run them. What only
 * some commands load stays in files of its own.
 */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Metafile, type OnLoadResult, type Plugin } from 'esbuild';
import { requirementsOf } from './manifest.ts';

/** Folder of the command, which holds its bundle in the package. */
export const COMMAND = 'cli/';

/** Names that no module has: the bundler does not see what stands before its output. */
const BEFORE = [
  `import { createRequire as $requireOf } from 'node:module';`,
  `import { fileURLToPath as $pathOf } from 'node:url';`,
  'const $bundleUrl = import.meta.url;',
  'const require = $requireOf($bundleUrl);', // packages in CommonJS load modules of Node by it
].join(' ');

/**
 * Replaces the compiled modules of the command by their bundle.
 *
 * @param root - folder of the repository
 * @param compiled - folder of the compiled modules
 * @param target - folder of the modules in the package
 * @throws Error a package asks where it lies, which it cannot know in a bundle
 */
export async function bundleCommand(root: string, compiled: string, target: string): Promise<void> {
  const { metafile } = await build({
    entryPoints: [path.join(compiled, COMMAND, 'main.js')],
    outdir: path.join(target, COMMAND),
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    logLevel: 'silent',
    banner: { js: BEFORE },
    define: { 'import.meta.url': 'moduleUrl', 'import.meta.dirname': 'moduleFolder' },
    // What an application need not install cannot be in here.
    external: Object.keys(requirementsOf(root).optionalPeers),
    plugins: [placesOf(compiled)],
  });
  await writeFile(path.join(target, COMMAND, 'LICENCES.txt'), await licencesOf(root, packagesIn(metafile)));
}

/** Modules find others and files by where they lie, so each is told the place that it has without the bundle. */
function placesOf(compiled: string): Plugin {
  return {
    name: 'places',
    setup: (bundler) => {
      bundler.onLoad({ filter: /\.m?js$/ }, async ({ path: file }): Promise<OnLoadResult | undefined> => {
        const text = await readFile(file, 'utf8');
        if (!/\bimport\.meta\.(?:url|dirname)\b/.test(text)) return undefined;
        const place = path.relative(compiled, file);
        if (place.startsWith('..')) throw new Error(`${file}: expected a package that does not ask where it lies`);
        return { contents: `${placed(place)}\n${text}`, loader: 'js' };
      });
    },
  };
}

function placed(place: string): string {
  const name = JSON.stringify(path.posix.join('..', place));
  return `const moduleUrl = new URL(${name}, $bundleUrl).href, moduleFolder = $pathOf(new URL('.', moduleUrl));`;
}

function packagesIn({ inputs }: Metafile): readonly string[] {
  const names = Object.keys(inputs).flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** The texts that whoever passes packages on must pass on with them. */
async function licencesOf(root: string, names: readonly string[]): Promise<string> {
  const texts = await Promise.all(
    names.map(async (name) => {
      const folder = path.join(root, 'node_modules', name);
      const file = (await readdir(folder)).find((found) => /^licen[cs]e/i.test(found));
      const { license = 'unknown' } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
        license?: string;
      };
      return `${name} (${license})\n\n${file === undefined ? '' : await readFile(path.join(folder, file), 'utf8')}`;
    }),
  );
  return texts.join(`\n${'-'.repeat(80)}\n`);
}
