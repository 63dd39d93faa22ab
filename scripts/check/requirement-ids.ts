/**
 * The gate of requirement ids, which may appear only in titles of tests. A reader of a source file or a page has no
 * list of requirements, so a comment or a message states the reason itself.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A requirement id in a file that must not have one. */
export interface StrayId {
  readonly id: string;
  /** Path relative to the repository. */
  readonly file: string;
  /** Line number, counted from 1. */
  readonly line: number;
}

/** Path of the generated page of requirements and their tests, relative to the repository. */
const COVERAGE = join('docs', 'coverage.md');

/** Files that may contain requirement ids; `CONTRIBUTING.md` shows the title of a test as an example. */
const FREE_FILES: ReadonlySet<string> = new Set([COVERAGE, 'CONTRIBUTING.md']);

const LEFT_OUT: ReadonlySet<string> = new Set(['test', 'node_modules', 'dist', 'coverage']);

const TEXT_FILE = /\.(?:ts|js|mjs|sql|sh|ya?ml|md|html|css|env)$/;

/**
 * Reads the prefixes of requirement ids, for example `RETRY`, from the page of requirements and their tests.
 *
 * @throws TypeError when the page lists no requirements, because the gate would otherwise pass without a check
 */
export function readPrefixes(repository: string): readonly string[] {
  const page = readFileSync(join(repository, COVERAGE), 'utf8');
  const prefixes = new Set([...page.matchAll(/^\| ([A-Z][A-Z0-9]*)-\d+ \|/gm)].map(([, prefix = '']) => prefix));
  if (prefixes.size === 0) throw new TypeError(`${COVERAGE}: expected a table of requirements, got none`);
  return [...prefixes];
}

/** Returns the paths of the files that the gate reads, relative to the tree. */
export function filesIn(tree: string): readonly string[] {
  return textFiles(tree)
    .map((path) => relative(tree, path))
    .filter((file) => !FREE_FILES.has(file));
}

/** Finds the requirement ids in the files of a tree. */
export function strayIds(tree: string, prefixes: readonly string[]): readonly StrayId[] {
  const pattern = new RegExp(`\\b(?:${prefixes.join('|')})-\\d+\\b`, 'g');
  return filesIn(tree).flatMap((file) =>
    readFileSync(join(tree, file), 'utf8')
      .split('\n')
      .flatMap((text, index) => [...text.matchAll(pattern)].map(([id]) => ({ id, file, line: index + 1 }))),
  );
}

function textFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || LEFT_OUT.has(entry.name) ? [] : textFiles(path);
    return TEXT_FILE.test(entry.name) ? [path] : [];
  });
}
