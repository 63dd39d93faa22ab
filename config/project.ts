import path from 'node:path';

/** The folder that holds `package.json`. */
export const projectDir = path.resolve(import.meta.dirname, '..');
