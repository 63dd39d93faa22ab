#!/usr/bin/env node
// Starts the command line tool of an installed package, which is compiled, and says what it misses.
import { readFileSync } from 'node:fs';
import module from 'node:module';

// What V8 has compiled is kept for the next start, from Node 22 on.
module.enableCompileCache?.();
try {
  await import(new URL('../dist/cli/main.js', import.meta.url).href);
} catch (error) {
  const missing = error?.code === 'ERR_MODULE_NOT_FOUND' ? namesOfMissing(error) : [];
  if (missing.length === 0) throw error;
  process.stderr.write(
    `perennial: this command needs packages that are not installed. Install them with: npm install ${missing.join(' ')}\n`,
  );
  process.exitCode = 1;
}

/** What is missing of the program that was asked for; of a plug-in, of the one with the fewest packages that needs the package. */
function namesOfMissing({ message }) {
  const name = /package '((?:@[^/']+\/)?[^/']+)/.exec(message)?.[1];
  const needs = JSON.parse(readFileSync(new URL('needs.json', import.meta.url), 'utf8'));
  const able = Object.entries(needs).filter(([, packages]) => packages.includes(name));
  const isAsked = ([program]) => program.toLowerCase() === process.argv[2];
  const [, found = []] = able.find(isAsked) ?? able.sort(([, a], [, b]) => a.length - b.length)[0] ?? [];
  return found.filter((needed) => !isInstalled(needed));
}

function isInstalled(name) {
  try {
    return import.meta.resolve(name) !== undefined;
  } catch {
    return false;
  }
}
