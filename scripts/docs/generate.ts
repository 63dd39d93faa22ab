/** Writes the generated pages of `docs/`; with `--check`, only reports the pages that differ. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { generatedPages } from './pages.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const check = process.argv.includes('--check');
const pages = generatedPages();

const different = [...pages].filter(([path, text]) => {
  const file = resolve(REPOSITORY, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});

for (const [path, text] of different) {
  if (check) {
    console.error(`${path} differs from the code: run \`npm run docs\` and commit it`);
    continue;
  }
  mkdirSync(dirname(resolve(REPOSITORY, path)), { recursive: true });
  writeFileSync(resolve(REPOSITORY, path), text);
  console.log(`wrote ${path}`);
}
console.log(`${pages.size} generated pages, ${different.length} ${check ? 'out of date' : 'written'}`);
process.exitCode = check && different.length > 0 ? 1 : 0;
