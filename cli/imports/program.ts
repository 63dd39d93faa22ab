/** The commands of imports: their names, options and help. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ENCODING_EXPECTED, encodingOf } from '../../contracts/imports/encodings.ts';
import { IMPORT_STATUSES, importSchemas, ROW_FORMATS } from '../../contracts/imports/vocabulary.ts';
import { INSTANT_EXPECTED, parseInstant } from '../../contracts/values/instant.ts';
import type { CliContext, Run } from '../terminal/context.ts';
import { pageSize, wholeNumber } from '../terminal/numbers.ts';
import type { ImportOptions } from './commands.ts';
import type { CliDomain } from '../domain.ts';
import type { ExportOptions, ListImportsOptions, RowsOptions } from './views.ts';
import { followFlag, jsonFlag, outputForm } from '../terminal/options.ts';

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

function instant(text: string): string {
  const at = parseInstant(text);
  if (at === undefined) throw new InvalidArgumentError(`Expected ${INSTANT_EXPECTED}.`);
  return new Date(at).toISOString();
}

/** Adds `perennial import` and the commands that show what was imported. */
export const imports: CliDomain = {
  addCommands(program, context, run) {
    addLooks(
      program.command('imports').description('what was imported: list imports, show and export their rows'),
      context,
      run,
    );
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
      .addOption(followFlag())
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((source: string, options: ImportOptions) =>
        run(import('./commands.ts').then(({ importFile }) => importFile(context, source, options))),
      );
  },
};

function addLooks(imports: Command, context: CliContext, run: Run): void {
  imports
    .command('list')
    .description('imports, newest first')
    .addOption(new Option('--status <status>', 'only these').choices(IMPORT_STATUSES))
    .option('--schema <name>', 'only those into this schema')
    .option('--dataset <name>', 'only those into this dataset')
    .option('--source <text>', 'only those whose address or path holds this text')
    .option('--since <time>', 'only those that started at or after this time', instant)
    .option('--until <time>', 'only those that started before this time', instant)
    .addOption(new Option('--limit <n>', 'imports per page').argParser(pageSize).default(50))
    .option('--after <id>', 'go on behind this import')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((options: ListImportsOptions) =>
      run(import('./views.ts').then(({ listImports }) => listImports(context, options))),
    );
  const about = (name: string, description: string): Command =>
    imports.command(name).description(description).argument('<id>', 'id of an import');
  about('status', 'one import: where it stands, what it was given, what became of its records')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((id: string, options: { json?: boolean }) =>
      run(import('./views.ts').then(({ showImport }) => showImport(context, id, options))),
    );
  about('rows', 'the rows that are there because of an import')
    .addOption(new Option('--limit <n>', 'rows per page').argParser(pageSize).default(50))
    .option('--after <key>', 'go on behind this row')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((id: string, options: RowsOptions) =>
      run(import('./views.ts').then(({ showRows }) => showRows(context, id, options))),
    );
  about('export', 'all rows of an import as a file')
    .addOption(new Option('--format <format>', 'form of the file').choices(ROW_FORMATS).default('csv'))
    .option('--file <file>', 'write to a file')
    .action((id: string, options: ExportOptions) =>
      run(import('./views.ts').then(({ exportImport }) => exportImport(context, id, options))),
    );
  about('rejects', 'the rejected records of an import as CSV: line, column, shortened value and reason')
    .option('--file <file>', 'write to a file')
    .action((id: string, options: { file?: string }) =>
      run(import('./views.ts').then(({ exportRejects }) => exportRejects(context, id, options))),
    );
}
