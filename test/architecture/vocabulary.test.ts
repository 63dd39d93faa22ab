import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isCovered, namesIn, readVocabulary, unknownWords } from '../../scripts/check/vocabulary.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const vocabulary = readVocabulary(REPOSITORY);

describe('the vocabulary of the repository', () => {
  it('looks at folders, files and exported types', () => {
    const names = namesIn(REPOSITORY).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['canvas/packing/packer', 'CanvasPart', 'PerennialError']));
    expect(names.length).toBeGreaterThan(1000);
  });

  it('knows every word: a new one goes into docs/glossary.md, or into plain-words.txt where everybody knows it', () => {
    expect(unknownWords(REPOSITORY, vocabulary)).toEqual([]);
  });

  it('has the plain words in order, each once', () => {
    const lines = readFileSync(join(REPOSITORY, 'scripts/check/plain-words.txt'), 'utf8').trim().split('\n');
    const words = lines.filter((line) => !line.startsWith('#'));
    expect(words).toEqual([...new Set(words)].sort());
  });
});

describe('the vocabulary gate', () => {
  /** A source tree with one file. */
  function treeWith(file: string, text: string): string {
    const tree = mkdtempSync(join(tmpdir(), 'perennial-vocabulary-'));
    onTestFinished(() => rmSync(tree, { recursive: true }));
    mkdirSync(join(tree, file, '..'), { recursive: true });
    writeFileSync(join(tree, file), text);
    return tree;
  }

  it.each([
    ['a folder', 'canvas/frobnicating/parse.ts', '', 'frobnicating'],
    ['a file', 'canvas/attorney.ts', '', 'attorney'],
    ['an exported interface', 'canvas/parse.ts', 'export interface CanvasBam {}\n', 'bam'],
    ['an exported type', 'canvas/parse.ts', 'export type Timekeeping = string;\n', 'timekeeping'],
    ['an exported class', 'canvas/parse.ts', 'export class HTTPNavigator {}\n', 'navigator'],
  ])('finds the private word of %s', (_what, file, text, word) => {
    expect(unknownWords(treeWith(file, text), vocabulary)).toEqual([expect.objectContaining({ word, file })]);
  });

  it.each(['packs', 'packed', 'packing', 'packer', 'packable', 'queries', 'replacing'])(
    'knows %s by its stem',
    (word) => {
      expect(isCovered(word, new Set(['pack', 'query', 'replace']))).toBe(true);
    },
  );

  it('takes no stem for a word of its own', () => {
    expect(isCovered('packet', new Set(['pack']))).toBe(false);
  });
});
