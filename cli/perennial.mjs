#!/usr/bin/env node
// Starts the command line tool: compiles what changed since the last time, then runs it.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from '../scripts/build.mjs';

const dist = await build({ tell: (line) => process.stderr.write(`${line}\n`) });
await import(pathToFileURL(path.join(dist, 'cli/main.js')).href);
