import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { filesIn, readPrefixes, strayIds } from '../../scripts/check/requirement-ids.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const prefixes = readPrefixes(REPOSITORY);
/** Put together here, so that this file is no example of what it forbids. */
const ID = `${String(prefixes[0])}-7`;

describe('the requirement ids of the repository', () => {
  it('are known by the prefixes of the coverage page, in files of every kind', () => {
    expect(prefixes.length).toBeGreaterThan(20);
    const files = filesIn(REPOSITORY);
    expect(files).toEqual(
      expect.arrayContaining([
        'services/ocr/reader.ts',
        'docs/glossary.md',
        'services/database/migrations/0001_documents.sql',
      ]),
    );
    expect(files.length).toBeGreaterThan(700);
  });

  it('stand in titles of tests only: a comment, a message or a page states the reason itself', () => {
    expect(strayIds(REPOSITORY, prefixes)).toEqual([]);
  });
});

describe('the gate of requirement ids', () => {
  /** A source tree with one file. */
  function treeWith(file: string, text: string): string {
    const tree = mkdtempSync(join(tmpdir(), 'perennial-requirement-ids-'));
    onTestFinished(() => rmSync(tree, { recursive: true }));
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
    return tree;
  }

  it.each([
    ['a comment', 'services/ocr/reader.ts', `\n/** Reads a page (${ID}). */\n`],
    ['a message', 'contracts/own/tasks.ts', `\nconst reason = '${ID}: four attempts.';\n`],
    ['a page', 'docs/schedules.md', `# Schedules\nAs ${ID}…12 ask.\n`],
    ['a migration', 'services/database/migrations/0001.sql', `\n-- ${ID}\n`],
  ])('finds one in %s', (_what, file, text) => {
    expect(strayIds(treeWith(file, text), prefixes)).toEqual([{ id: ID, file, line: 2 }]);
  });

  it.each([
    ['the title of a test', 'test/unit/reader.test.ts', `it('${ID} reads', () => undefined);\n`],
    ['the coverage page', 'docs/coverage.md', `| ${ID} | reads |\n`],
    ['another word with a number', 'services/ocr/reader.ts', '/** UTF-8, ISO-8601 and X-7. */\n'],
  ])('accepts %s', (_what, file, text) => {
    expect(strayIds(treeWith(file, text), prefixes)).toEqual([]);
  });

  it('fails without a table of requirements', () => {
    expect(() => readPrefixes(treeWith('docs/coverage.md', '# Nothing\n'))).toThrow(/expected a table of requirements/);
  });
});
