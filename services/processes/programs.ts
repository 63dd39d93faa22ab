/** Finds programs that are installed on this machine. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Looks for a program in the folders of PATH; returns `undefined` when there is none. */
export function findProgram(name: string, path = process.env['PATH'] ?? ''): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, file))
    .find((found) => {
      try {
        accessSync(found, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
