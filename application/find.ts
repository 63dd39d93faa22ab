/** Finds the configuration in the folder of an application. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CONFIG_NAMES } from '../config/project.ts';
import { InvalidApplication } from './faults.ts';

/**
 * Returns the configuration in a folder.
 *
 * @throws InvalidApplication the folder has none, or two
 */
export function configIn(folder: string): string {
  const found = CONFIG_NAMES.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
  const [file] = found;
  if (file !== undefined && found.length === 1) return file;
  const got = found.length === 0 ? 'none' : found.map((name) => path.basename(name)).join(' and ');
  const remedy = found.length === 0 ? 'Make one with `perennial init`.' : 'Delete all but one of them.';
  throw new InvalidApplication([{ field: folder, expected: 'one configuration', got, remedy }]);
}
