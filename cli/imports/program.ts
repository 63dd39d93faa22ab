/** The command of imports: its options and help. */
import { InvalidArgumentError, Option } from 'commander';
import { ENCODING_EXPECTED, encodingOf } from '../../contracts/imports/encodings.ts';
import { importSchemas } from '../../contracts/imports/vocabulary.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { importFile, type ImportOptions } from './commands.ts';
import type { CliDomain } from '../domain.ts';

function encodingLabel(label: string): string {
  if (encodingOf(label) === undefined) throw new InvalidArgumentError(`Expected ${ENCODING_EXPECTED}.`);
  return label;
}

/** Adds `column=name`; a column may hold an equals sign, the name may not. */
function mapping(text: string, map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.lastIndexOf('=');
  const [column, name] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at < 0 || column === '' || name === '')
    throw new InvalidArgumentError('Expected COLUMN=NAME, as in "E-Mail=email".');
  return { ...map, [column]: name };
}

/** Adds `perennial import`. */
export const imports: CliDomain = {
  addCommands(program, context, run) {
    program
      .command('import')
      .description('import a CSV file or a workbook')
      .argument('<source>', 'http or https address, or a file inside the allowed folders (DOCUMENT_ROOTS)')
      .option('--schema <name>', `one of ${Object.keys(importSchemas).join(', ')}`)
      .option('--dataset <name>', 'where rows of the schema records go')
      .option('--key <column>', 'column that tells rows of a dataset apart')
      .option('--delimiter <character>', 'default: seen from the content')
      .option(
        '--encoding <name>',
        'any label of the WHATWG Encoding Standard; default: seen from the content',
        encodingLabel,
      )
      .addOption(new Option('--format <name>', 'default: seen from the content').choices(['csv', 'xlsx']))
      .option('--sheet <name>', 'sheet of a workbook; default: the first that is visible')
      .option('--skip-lines <count>', 'lines before the header that are not read', wholeNumber(0))
      .option('--header-row <line>', 'line that is the header; default: the first that is not blank', wholeNumber(1))
      .option(
        '--map <column=name>',
        'name that a column is to have, as in "E-Mail=email"; may be repeated',
        mapping,
        {},
      )
      .option('--date-format <format>', 'how the file writes dates, as in DD.MM.YYYY')
      .addOption(new Option('--decimal <sign>', 'decimal sign of the file').choices(['.', ',']))
      .option('--sha256 <hex>', 'expected checksum of the file')
      .addOption(new Option('--on-conflict <what>', 'rows that are there already').choices(['update', 'skip']))
      .option('--id <id>', 'name of the import; the same name is the same import')
      .option('--start-ocr', 'read the documents of the list as a batch')
      .option('--dry-run', 'read and validate everything, save nothing')
      .option('--rejects <file>', 'wait for the end and write the rejected records to a file')
      .option('--follow', 'show the progress and wait for the end')
      .option('--json', 'print JSON')
      .action((source: string, options: ImportOptions) => run(importFile(context, source, options)));
  },
};
