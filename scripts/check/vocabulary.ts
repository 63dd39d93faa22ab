/**
 * The vocabulary gate: each word in the names of folders, files and exported
 * types is plain English, or is explained in the glossary.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A word that nobody has explained. */
export interface UnknownWord {
  readonly word: string;
  /** The name that it is a part of. */
  readonly name: string;
  /** Relative to the repository. */
  readonly file: string;
}

/** The words that names may be made of. */
export interface Vocabulary {
  /** Words of everyday English and of programming at large. */
  readonly plain: ReadonlySet<string>;
  /** Words of the first column of the glossary. */
  readonly glossary: ReadonlySet<string>;
}

/** Names of tests are sentences; nothing imports from the other folders. */
const LEFT_OUT: ReadonlySet<string> = new Set(['test', 'node_modules', 'dist', 'docs', 'samples', 'coverage']);

/** Reads both lists of a repository. */
export function readVocabulary(repository: string): Vocabulary {
  const read = (...path: string[]): string => readFileSync(join(repository, ...path), 'utf8');
  const plain = read('scripts', 'check', 'plain-words.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const terms = [...read('docs', 'glossary.md').matchAll(/^\| ([^|]+) \|/gm)].map(([, term = '']) => term);
  return { plain: new Set(plain), glossary: new Set(terms.flatMap(wordsOf)) };
}

/** Words of names in a source tree that are in neither list. */
export function unknownWords(tree: string, vocabulary: Vocabulary): readonly UnknownWord[] {
  return namesIn(tree).flatMap(({ name, file }) =>
    wordsOf(name)
      .filter((word) => !isKnown(word, vocabulary))
      .map((word) => ({ word, name, file })),
  );
}

/** A name that the gate looks at. */
export interface Name {
  readonly name: string;
  readonly file: string;
}

/** Names of folders, files and exported types. */
export function namesIn(tree: string): readonly Name[] {
  return sourceFiles(tree).flatMap((path) => {
    const file = relative(tree, path);
    const types = readFileSync(path, 'utf8').matchAll(/^export (?:abstract )?(?:interface|type|class) (\w+)/gm);
    return [{ name: file.replace(/(\.\w+)+$/, ''), file }, ...[...types].map(([, name = '']) => ({ name, file }))];
  });
}

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || LEFT_OUT.has(entry.name) ? [] : sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** Words of a name in lower case: of a path, of camel case, of several words. Single letters are type parameters. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter((word) => word.length > 1)
    .map((word) => word.toLowerCase());
}

function isKnown(word: string, { plain, glossary }: Vocabulary): boolean {
  return isCovered(word, plain) || isCovered(word, glossary);
}

/** Says whether a list has a word in one of its forms: `packs`, `packed`, `packing` and `packer` for `pack`. */
export function isCovered(word: string, list: ReadonlySet<string>): boolean {
  return [word, ...stemsOf(word)].some((form) => list.has(form));
}

function stemsOf(word: string): readonly string[] {
  const stems = ['s', 'es', 'ed', 'd', 'ing', 'er', 'r', 'able', 'ers']
    .filter((ending) => word.endsWith(ending))
    .map((ending) => word.slice(0, -ending.length));
  return stems.flatMap((stem) => [stem, `${stem}e`, stem.replace(/(.)\1$/, '$1'), stem.replace(/i$/, 'y')]);
}
