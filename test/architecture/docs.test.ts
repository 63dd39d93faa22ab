import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configVariables } from '../../config/table.ts';
import { catalogue } from '../../contracts/catalogue.ts';
import { failures } from '../../contracts/failures.ts';
import { coveragePage, requirementIds } from '../../scripts/docs/coverage.ts';
import { duration } from '../../scripts/docs/markdown.ts';
import { generatedPages } from '../../scripts/docs/pages.ts';
import { titlesOf } from '../../scripts/docs/titles.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** The first cells of the table of a page, without their code marks. */
function firstCells(path: string): readonly string[] {
  const rows = readFileSync(resolve(REPOSITORY, path), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.split('`')[1]!);
}

describe('the pages in docs/', () => {
  test.each([...generatedPages()])('%s is what the code says', (path, text) => {
    expect(readFileSync(resolve(REPOSITORY, path), 'utf8')).toBe(text);
  });

  test('list exactly the failure types of the registry', () => {
    expect(firstCells('docs/failures.md')).toEqual(Object.keys(failures));
  });

  test('list exactly the tasks of the catalogue', () => {
    expect(firstCells('docs/tasks.md')).toEqual(catalogue.map((task) => task.name));
  });

  test('list exactly the configuration entries', () => {
    expect(firstCells('docs/configuration.md')).toEqual([...configVariables]);
  });
});

describe('the generator', () => {
  test('reads titles through each, skip and describe', () => {
    const text = "describe('a', () => { it.skip('b', f); test.each([1])(`c ${x} d`, f); }); test('e', f); other('f');";
    expect(titlesOf('test/unit/x.test.ts', text).map((found) => found.fullTitle)).toEqual(['a > b', 'a > c … d', 'e']);
  });

  test('reads the titles of cases from a table beside them, and names their requirements', () => {
    const text =
      "const T = [['BEAT-2', 'b', [1]], ['BEAT-3', x]] as const; test.each(T)('%s runs %s', f);" +
      "it.each([2])('QUEUE-%d %j', f); it.each(T.map(g))('%s', f); test('CFG-1', f);";
    const titles = titlesOf('test/unit/x.test.ts', text);
    expect(titles.map(({ cases }) => cases)).toEqual([['BEAT-2 runs b', 'BEAT-3 runs …'], ['QUEUE-2 …'], [], []]);
    const page = coveragePage(titles);
    expect(page).toContain('4 requirements are named by 3 tests');
    expect(page).toContain('| BEAT-3 | BEAT-3 runs … (`test/unit/x.test.ts`) |');
  });

  test('takes requirement ids, and not the names of standards, from a title', () => {
    expect(requirementIds('OCR-1, P3-14 and OCR-1 again with SHA-256, UTF-8 and INV-12')).toEqual(['OCR-1', 'P3-14']);
  });

  test.each([
    [500, '500 ms'],
    [1500, '1500 ms'],
    [60_000, '1 min'],
    [90_000, '90 s'],
    [7_200_000, '2 h'],
  ])('writes %i milliseconds as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});
