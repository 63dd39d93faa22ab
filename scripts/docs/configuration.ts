/** Makes `docs/configuration.md` from the table of entries. */
import { configEntries } from '../../config/table.ts';

/** Renders the table of all entries in Markdown. */
export function configurationTable(): string {
  const rows = configEntries.map(({ variable, doc, unit: unitName, secret: isSecret, expected, defaultText }) => {
    const unit = unitName === undefined ? '' : ` (${unitName})`;
    const secret = isSecret === true ? ' Secret.' : '';
    return `| \`${variable}\` | ${doc}${secret} | ${expected}${unit} | ${defaultText ?? 'unset'} |`;
  });
  return ['| variable | meaning | value | default |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
