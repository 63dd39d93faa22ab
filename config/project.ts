/** The folders of the product and of the application that uses it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isSource } from '../contracts/values/modules.ts';

/** The folder that holds `package.json` of the product. Compiled modules are one folder deeper than their sources. */
export const productDir = path.resolve(import.meta.dirname, isSource(import.meta.url) ? '..' : '../..');

const manifest = path.join(productDir, 'package.json');

/** Version of the product. */
export const productVersion = (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version; // npm checks the file

/** Whether the product is an installed package, which holds no sources. */
const isInstalled = !existsSync(path.join(productDir, 'config', 'project.ts'));

/** The folder of the project that is run: this repository, or the application that has installed the package. */
export const projectDir = isInstalled ? packageDir(process.cwd()) : productDir;

/** Returns the nearest folder upwards that holds a `package.json`; the folder itself when there is none. */
function packageDir(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'package.json'))) return at;
    if (path.dirname(at) === at) return folder;
  }
}

/** The command that starts the local stack, for messages. */
export const startCommand = isInstalled ? 'npx perennial dev' : 'npm start';

const bundle = path.join(productDir, 'dist', 'workflow-bundle.js');

/** The workflows of an installed package, bundled when it was built; `undefined` in this repository. */
export const prebuiltBundle = isInstalled && existsSync(bundle) ? bundle : undefined;

/** Names that the configuration of an application may have. */
export const CONFIG_NAMES = [
  'perennial.config.ts',
  'perennial.config.mts',
  'perennial.config.js',
  'perennial.config.mjs',
];

/** What `perennial build` writes last, relative to the folder of an application. */
export const BUILT_MANIFEST = path.join('dist', 'perennial.json');

/** Tells whether a folder has the configuration of an application. */
export function hasSources(folder: string): boolean {
  return CONFIG_NAMES.some((name) => existsSync(path.join(folder, name)));
}

/** Returns the nearest folder, from the given one up, that has an application, as sources or built. */
export function nearestApplication(from: string): string | undefined {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (hasSources(folder) || existsSync(path.join(folder, BUILT_MANIFEST))) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}
