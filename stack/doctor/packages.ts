/** Which packages of an installation are missing. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Packages by the program or plug-in that needs them, as the build of the package writes them. */
type Needs = Readonly<Record<string, readonly string[]>>;

/**
 * Returns the packages that are not installed; in this repository everything is.
 *
 * @param programs - names of programs and plug-ins
 * @param product - folder of the installed product
 */
export function missingPackages(programs: readonly string[], product: string): readonly string[] {
  const file = path.join(product, 'bin/needs.json');
  if (!existsSync(file)) return [];
  const needs = JSON.parse(readFileSync(file, 'utf8')) as Needs; // written by the build
  const names = new Set(programs.flatMap((program) => needs[program] ?? []));
  return [...names].filter((name) => !isInstalled(name)).sort();
}

function isInstalled(name: string): boolean {
  try {
    return import.meta.resolve(name) !== '';
  } catch {
    return false;
  }
}
