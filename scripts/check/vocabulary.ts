/**
 * The vocabulary gate: each word in the names of folders, files and exported types is plain English or is explained in
 * the glossary.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A word that is in neither list. */
export interface UnknownWord {
  readonly word: string;
  /** The name that contains the word. */
  readonly name: string;
  /** Path relative to the repository. */
  readonly file: string;
}

/** The words that names may contain. */
export interface Vocabulary {
  /** Words of everyday English and of programming in general. */
  readonly plain: ReadonlySet<string>;
  /** Words of the first column of the glossary. */
  readonly glossary: ReadonlySet<string>;
}

/** Folders that the gate skips: names of tests are sentences, and no module imports from the others. */
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

/** Returns the words of names in a source tree that are in neither list. */
export function unknownWords(tree: string, vocabulary: Vocabulary): readonly UnknownWord[] {
  return namesIn(tree).flatMap(({ name, file }) =>
    wordsOf(name)
      .filter((word) => !isKnown(word, vocabulary))
      .map((word) => ({ word, name, file })),
  );
}

/** A name that the gate checks. */
export interface Name {
  readonly name: string;
  readonly file: string;
}

/** Returns the names of folders, files and exported types. */
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

/**
 * Splits a name, such as a path or an identifier in camel case, into words in lower case. Single letters are left out,
 * because they are type parameters.
 */
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

/** Returns whether a list has a word in one of its forms: `packs`, `packed`, `packing` and `packer` for `pack`. */
export function isCovered(word: string, list: ReadonlySet<string>): boolean {
  return [word, ...stemsOf(word)].some((form) => list.has(form));
}

function stemsOf(word: string): readonly string[] {
  const stems = ['s', 'es', 'ed', 'd', 'ing', 'er', 'r', 'able', 'ers']
    .filter((ending) => word.endsWith(ending))
    .map((ending) => word.slice(0, -ending.length));
  return stems.flatMap((stem) => [stem, `${stem}e`, stem.replace(/(.)\1$/, '$1'), stem.replace(/i$/, 'y')]);
}
