import path from 'node:path';
import { isSource } from '../contracts/values/modules.ts';

/** The folder that holds `package.json`. Compiled modules are one folder deeper than their sources. */
export const projectDir = path.resolve(import.meta.dirname, isSource(import.meta.url) ? '..' : '../..');
