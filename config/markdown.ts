/** `docs/configuration.md` as text: derived from the table, so that the two cannot differ. */
import type { EntryText } from './entries.ts';
import { configEntries } from './env.schema.ts';

/** The table of all configuration entries in Markdown. */
export function configurationTable(): string {
  const rows = Object.entries<EntryText & { readonly expected: string }>(configEntries).map(([name, entry]) => {
    const unit = entry.unit === undefined ? '' : ` (${entry.unit})`;
    const secret = entry.secret === true ? ' Secret.' : '';
    return `| \`${name}\` | ${entry.doc}${secret} | ${entry.expected}${unit} | ${entry.defaultText ?? 'unset'} |`;
  });
  return ['| variable | meaning | value | default |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
