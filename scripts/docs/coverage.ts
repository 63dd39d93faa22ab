/** `docs/coverage.md`: which requirement is named by which test. */
import type { TestTitle } from './titles.ts';
import { cell, page } from './markdown.ts';

/** Words with the shape of a requirement id that are none. */
const NOT_REQUIREMENTS = /^(AES|CP|ECMA|HTTP|IEC|IEEE|ISO|PDF|RFC|RSA|SHA|UTF|WINDOWS)-/;

/** The requirement ids that a text names. */
export function requirementIds(text: string): readonly string[] {
  const found = text.match(/\b[A-Z][A-Z0-9]*-\d+\b/g) ?? [];
  return [...new Set(found)].filter((id) => !NOT_REQUIREMENTS.test(id));
}

/** The page that lists every requirement named in a test title. */
export function coveragePage(titles: readonly TestTitle[]): string {
  const tests = new Map<string, TestTitle[]>();
  for (const title of titles) {
    for (const id of requirementIds(title.fullTitle)) tests.set(id, [...(tests.get(id) ?? []), title]);
  }
  const rows = [...tests].sort(([a], [b]) => byName(a, b));
  return page(
    'Requirements and their tests',
    `A requirement counts as covered when the title of a test, or of a chapter around it, names it. ${rows.length} requirements are named by ` +
      `${new Set([...tests.values()].flat()).size} tests.`,
    ['requirement', 'tests'],
    rows.map(([id, covering]) => [id, covering.map(({ file, title }) => `${cell(title)} (\`${file}\`)`).join('<br>')]),
  );
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
