/** `docs/configuration.md` as text: derived from the table, so that the two cannot differ. */
import { configEntries } from './table.ts';

/** The table of all configuration entries in Markdown. */
export function configurationTable(): string {
  const rows = configEntries.map(({ variable, doc, unit: unitName, secret: isSecret, expected, defaultText }) => {
    const unit = unitName === undefined ? '' : ` (${unitName})`;
    const secret = isSecret === true ? ' Secret.' : '';
    return `| \`${variable}\` | ${doc}${secret} | ${expected}${unit} | ${defaultText ?? 'unset'} |`;
  });
  return ['| variable | meaning | value | default |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
