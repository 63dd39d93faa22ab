/** The folder that one run of Vitest shares between its processes: servers that start on demand, and the bundle. */

/** Name of the variable with its path; set by `global-setup.ts`. */
export const RUN_FOLDER = 'PERENNIAL_TEST_RUN_DIR';

/** Its path; `undefined` in scripts that run without the set-up. */
export function runFolder(): string | undefined {
  return process.env[RUN_FOLDER];
}
