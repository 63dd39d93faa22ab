/** What `perennial build` has made of an application, so that its processes need no compiler. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/types.ts';
import { BUILT_MANIFEST, hasSources, productVersion } from '../config/project.ts';
import { InvalidApplication } from './faults.ts';
import type { ModuleFiles } from './modules.ts';

/** Content of the manifest; paths are relative to its folder. */
export interface BuiltManifest {
  /** Version of the product that built it. */
  readonly version: string;
  /** Its workflows are in the bundle alone. */
  readonly files: ModuleFiles;
  /** Workflows of product and application, with the rows of its tasks. */
  readonly bundle: string;
}

/** A built application. */
export interface BuiltApplication extends BuiltManifest {
  /** Absolute path of the folder that holds what was built. */
  readonly folder: string;
}

/**
 * Returns what was built in the folder of an application where processes run it: in production, and where there are no
 * sources.
 *
 * @throws InvalidApplication it was built with another version of the product
 */
export function builtApplication(folder: string, environment: Config['environment']): BuiltApplication | undefined {
  const isWanted = environment === 'production' || !hasSources(folder);
  return isWanted && existsSync(path.join(folder, BUILT_MANIFEST)) ? readBuilt(folder) : undefined;
}

/** Reads what was built in a folder. @throws InvalidApplication as {@link builtApplication} */
export function readBuilt(folder: string): BuiltApplication {
  const file = path.join(folder, BUILT_MANIFEST);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as BuiltManifest; // written by `perennial build` alone
  if (manifest.version !== productVersion)
    throw new InvalidApplication([
      {
        field: file,
        expected: `an application built with version ${productVersion} of Perennial`,
        got: manifest.version,
        remedy: 'Build it again with `perennial build`.',
      },
    ]);
  return { ...manifest, folder: path.dirname(file) };
}
