/** Generates the page of the entries of the package. */
import { entries, PACKAGE } from '../package/entries.ts';
import { packagesOf, requirementsOf } from '../package/manifest.ts';
import { page } from './markdown.ts';

/** Generates `docs/entries.md`. */
export function entriesPage(repository: string): string {
  const { dependencies, optionalPeers } = requirementsOf(repository);
  const rows = Object.entries(entries).map(([name, entry]) => [
    entry.path === undefined ? name : `\`${entry.path.replace('.', PACKAGE)}\``,
    entry.purpose,
    [
      ...packagesOf(repository, entry)
        .filter((needed) => needed in optionalPeers)
        .map((needed) => `\`${needed}\``),
      ...Object.entries(entry.extras ?? {}).map(([extra, purpose]) => `for ${purpose} \`${extra}\``),
    ].join(', ') || 'none',
  ]);
  const brought = Object.keys(dependencies).map((name) => `\`${name}\``);
  return page(
    'Entries of the package',
    `What \`${PACKAGE}\` offers, and which optional peers an application installs for it ([installing](installing.md)). ` +
      `It brings ${brought.slice(0, -1).join(', ')} and ${String(brought.at(-1))} by itself.`,
    ['entry', 'for', 'optional peers'],
    rows,
  );
}
