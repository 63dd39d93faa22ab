/** The commands of documents and batches: their names, options and help. */
import { Argument, type Command, Option } from 'commander';
import { DOCUMENT_STATUSES, OCR_BACKENDS } from '../../contracts/documents/vocabulary.ts';
import type { CliDomainWithPorts } from '../domain.ts';
import type { Run } from '../terminal/context.ts';
import { pageSize } from '../terminal/numbers.ts';
import type { ListOptions } from './commands.ts';
import type { OcrOptions } from './ocr.ts';
import type { ResultOptions } from './result.ts';
import { openDocumentPorts, type DocumentPorts, type DocumentContext } from './ports.ts';
import { followFlag, jsonFlag, outputForm } from '../terminal/options.ts';

/** Adds `perennial ocr`, `result`, `invoice`, `status`, `cancel`, `pause`, `resume` and `documents`. */
export const documents: CliDomainWithPorts<DocumentPorts> = {
  openPorts: openDocumentPorts,
  addCommands(program, context, run) {
    addReading(program, context, run);
    addBatches(program, context, run);
    addLists(program, context, run);
  },
};

function addReading(program: Command, context: DocumentContext, run: Run): void {
  program
    .command('ocr')
    .description('read files and folders as one batch')
    .argument('<path...>', 'images, PDFs and folders of them, inside the allowed folders (DOCUMENT_ROOTS)')
    .addOption(new Option('--backend <name>', 'engine that is asked first').choices(OCR_BACKENDS))
    .option('--language <codes>', 'Tesseract codes joined by +, for example eng+deu, or auto (default: OCR_LANGUAGE)')
    .option('--no-preprocess', 'do not turn, straighten and clean pages before reading')
    .option('--force-ocr', 'read the picture of PDF pages even where they have a text layer')
    .option('--id <id>', 'name of the batch; the same name is the same batch')
    .addOption(followFlag())
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((paths: string[], options: OcrOptions) =>
      run(import('./ocr.ts').then(({ ocr }) => ocr(context, paths, options))),
    );
  program
    .command('result')
    .description('what was read, of a document or of a batch')
    .argument('<id>', 'id of a document or a batch')
    .addOption(
      new Option('--format <format>', 'form of the result; pdfa is PDF/A-2b')
        .choices(['text', 'json', 'pdf', 'pdfa'])
        .default('text'),
    )
    .option('--file <file>', 'write to a file')
    .action((id: string, options: ResultOptions) =>
      run(import('./result.ts').then(({ result }) => result(context, id, options))),
    );
  program
    .command('invoice')
    .description('find the fields of an invoice in a document that has been read')
    .argument('<id>', 'id of a document')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((id: string, options: { json?: boolean }) =>
      run(import('./invoice.ts').then(({ invoice }) => invoice(context, id, options))),
    );
}

function addBatches(program: Command, context: DocumentContext, run: Run): void {
  program
    .command('status')
    .description('where a document or a batch stands')
    .argument('<id>', 'id of a document or a batch')
    .addOption(followFlag())
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((id: string, options: { json?: boolean; follow?: boolean }) =>
      run(import('./batches.ts').then(({ status }) => status(context, id, options))),
    );
  const verbs = [
    { name: 'cancel', description: 'stop a batch; what has been read is kept' },
    { name: 'pause', description: 'finish the documents in work and take no further ones' },
    { name: 'resume', description: 'go on with a batch that was paused, cancelled or failed' },
  ] as const;
  for (const { name, description } of verbs) {
    program
      .command(name)
      .description(description)
      .addArgument(new Argument('<id>', 'id of a batch'))
      .action((id: string) => run(import('./batches.ts').then((batches) => batches[name](context, id))));
  }
}

function addLists(program: Command, context: DocumentContext, run: Run): void {
  const documents = program.command('documents').description('the documents that Perennial knows');
  const withOptions = (command: Command): Command =>
    command
      .addOption(new Option('--status <status>', 'only these').choices(DOCUMENT_STATUSES))
      .addOption(new Option('--limit <n>', 'documents per page').argParser(pageSize).default(50))
      .option('--after <id>', 'go on behind this document')
      .addOption(outputForm())
      .addOption(jsonFlag());
  withOptions(documents.command('list').description('newest first')).action((options: ListOptions) =>
    run(import('./commands.ts').then(({ listDocuments }) => listDocuments(context, [], options))),
  );
  withOptions(documents.command('search').description('by words of their text'))
    .argument('<words...>', 'words that must stand in the text')
    .action((words: string[], options: ListOptions) =>
      run(import('./commands.ts').then(({ listDocuments }) => listDocuments(context, words, options))),
    );
  documents
    .command('get')
    .description('the file of a document, as it was given')
    .argument('<id>', 'id of a document')
    .option('--file <file>', 'write to a file')
    .action((id: string, options: { file?: string }) =>
      run(import('./downloads.ts').then(({ getOriginal }) => getOriginal(context, id, options))),
    );
}
