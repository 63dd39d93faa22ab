/** Generates `docs/coverage.md`, which lists the tests that name each requirement. */
import type { TestTitle } from './titles.ts';
import { cell, page } from './markdown.ts';

/** Words that look like requirement ids but are not. */
const NOT_REQUIREMENTS = /^(AES|CP|ECMA|HTTP|IEC|IEEE|INV|ISO|PDF|RFC|RSA|SHA|UTF|WINDOWS)-/;

/** Returns the requirement ids in a text. */
export function requirementIds(text: string): readonly string[] {
  const found = text.match(/\b[A-Z][A-Z0-9]*-\d+\b/g) ?? [];
  return [...new Set(found)].filter((id) => !NOT_REQUIREMENTS.test(id));
}

/** A requirement that a test names, with the title that names it. */
interface Naming {
  readonly id: string;
  readonly title: string;
}

/**
 * Returns the requirements that a test names in its title, in the titles around it or in the title of one of its cases,
 * without duplicates.
 */
function namings({ title, fullTitle, cases }: TestTitle): readonly Naming[] {
  const own = requirementIds(fullTitle).map((id) => ({ id, title }));
  const ofCases = cases.flatMap((name) => requirementIds(name).map((id) => ({ id, title: name })));
  // When two cases name the same requirement, the page shows the first one.
  const byId = new Map([...own, ...ofCases].reverse().map((naming) => [naming.id, naming]));
  return [...byId.values()].reverse();
}

/** Generates the page that lists every requirement named in a test title. */
export function coveragePage(titles: readonly TestTitle[]): string {
  const named = titles.flatMap((test) => namings(test).map((naming) => ({ ...naming, test })));
  const tests = new Map<string, readonly { title: string; file: string }[]>();
  for (const { id, title, test } of named) tests.set(id, [...(tests.get(id) ?? []), { title, file: test.file }]);
  const rows = [...tests].sort(([a], [b]) => byName(a, b));
  return page(
    'Requirements and their tests',
    `A requirement counts as covered when the title of a test, or of a chapter around it, names it. ${rows.length} requirements are named by ` +
      `${new Set(named.map(({ test }) => test)).size} tests.`,
    ['requirement', 'tests'],
    rows.map(([id, covering]) => [id, covering.map(({ file, title }) => `${cell(title)} (\`${file}\`)`).join('<br>')]),
  );
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
