/** Finds the configuration of the application whose folder a command runs in. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidApplication } from './faults.ts';

/** Names that a configuration may have. */
export const CONFIG_NAMES = [
  'perennial.config.ts',
  'perennial.config.mts',
  'perennial.config.js',
  'perennial.config.mjs',
];

/**
 * Returns the configuration in a folder or the nearest folder above it; `undefined` when there is none.
 *
 * @throws InvalidApplication a folder has two
 */
export function findConfig(from: string): string | undefined {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    const found = CONFIG_NAMES.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
    if (found.length > 1)
      throw new InvalidApplication([
        {
          field: folder,
          expected: 'one configuration',
          got: found.map((file) => path.basename(file)).join(' and '),
          remedy: 'Delete all but one of them.',
        },
      ]);
    if (found[0] !== undefined) return found[0];
    if (path.dirname(folder) === folder) return undefined;
  }
}
