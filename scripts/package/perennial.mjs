#!/usr/bin/env node
// Starts the command line tool of an installed package, which is compiled, and says what it misses.
import { readFileSync } from 'node:fs';

try {
  await import(new URL('../dist/cli/main.js', import.meta.url).href);
} catch (error) {
  const missing = error?.code === 'ERR_MODULE_NOT_FOUND' ? namesOfMissing() : [];
  if (missing.length === 0) throw error;
  process.stderr.write(
    `perennial: this command needs packages that are not installed. Install them with: npm install ${missing.join(' ')}\n`,
  );
  process.exitCode = 1;
}

/** What most commands need, or else what the processes need that `dev`, `worker` and `api` start. */
function namesOfMissing() {
  const ofCommands = notInstalled(read('needs.json'));
  return ofCommands.length > 0 ? ofCommands : notInstalled(Object.keys(read('../package.json').peerDependencies));
}

function read(file) {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

function notInstalled(names) {
  return names.filter((name) => {
    try {
      return import.meta.resolve(name) === undefined;
    } catch {
      return true;
    }
  });
}
