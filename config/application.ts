/** The folder of the application that uses Perennial: the one with its `perennial.config.ts`. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Names that the configuration of an application may have. */
export const CONFIG_NAMES = [
  'perennial.config.ts',
  'perennial.config.mts',
  'perennial.config.js',
  'perennial.config.mjs',
];

/** Returns the nearest folder, from the given one up, that has the configuration of an application. */
export function nearestApplication(from: string): string | undefined {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (CONFIG_NAMES.some((name) => existsSync(path.join(folder, name)))) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}
