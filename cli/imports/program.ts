/** The command of imports: its options and help. */
import { Option } from 'commander';
import { ENCODINGS, importSchemas } from '../../contracts/imports/vocabulary.ts';
import { importFile, type ImportOptions } from './commands.ts';
import type { CliDomain } from '../domain.ts';

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
      .addOption(new Option('--encoding <name>', 'default: seen from the content').choices(ENCODINGS))
      .option('--sheet <name>', 'sheet of a workbook; default: the first')
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
