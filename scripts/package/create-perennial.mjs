#!/usr/bin/env node
// `npm create @perennialjs/perennial FOLDER`: does what `perennial init FOLDER` does, where nothing is installed yet.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const manifest = createRequire(import.meta.url).resolve('@perennialjs/perennial/package.json');
const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
const launcher = path.join(path.dirname(manifest), bin.perennial);
process.argv = [process.argv[0], launcher, 'init', ...process.argv.slice(2)];
await import(pathToFileURL(launcher).href);
