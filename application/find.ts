/** Finds the configuration in the folder of an application. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CONFIG_NAMES } from '../config/project.ts';
import type { Config } from '../config/types.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { InvalidApplication } from './faults.ts';

/** Returns the folder of the application for a command that works on it; without one, it says so and exits. */
export function applicationDirOrExit({ applicationDir }: Pick<Config, 'applicationDir'>, command: string): string {
  if (applicationDir !== undefined) return applicationDir;
  process.stderr.write(
    `${command}: expected a folder with a ${CONFIG_NAMES.join(' or ')}, got ${process.cwd()}. Make one with \`perennial init\`.\n`,
  );
  process.exit(exitCodes.usage);
}

/**
 * Returns the name of the configuration in a folder.
 *
 * @throws InvalidApplication the folder has none, or two
 */
export function configIn(folder: string): string {
  const found = CONFIG_NAMES.filter((name) => existsSync(path.join(folder, name)));
  const [file] = found;
  if (file !== undefined && found.length === 1) return file;
  const got = found.length === 0 ? 'none' : found.join(' and ');
  const remedy = found.length === 0 ? 'Make one with `perennial init`.' : 'Delete all but one of them.';
  throw new InvalidApplication([{ field: folder, expected: 'one configuration', got, remedy }]);
}
