#!/usr/bin/env node
// Starts the command line tool of an installed package, which is compiled, and says what it misses.
import { readFileSync } from 'node:fs';

try {
  await import(new URL('../dist/cli/main.js', import.meta.url).href);
} catch (error) {
  const missing = error?.code === 'ERR_MODULE_NOT_FOUND' ? namesOfMissing() : [];
  if (missing.length === 0) throw error;
  process.stderr.write(
    `perennial: the command line needs packages that are not installed. Install them with: npm install ${missing.join(' ')}\n`,
  );
  process.exitCode = 1;
}

function namesOfMissing() {
  return JSON.parse(readFileSync(new URL('needs.json', import.meta.url), 'utf8')).filter((name) => {
    try {
      return import.meta.resolve(name) === undefined;
    } catch {
      return true;
    }
  });
}
