/** The command line: its commands, options and help. */
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { InvalidInput, Unavailable } from '../client/index.ts';
import { DOCUMENT_STATUSES, OCR_BACKENDS } from '../contracts/documents/vocabulary.ts';
import { failures, PerennialError } from '../contracts/failures.ts';
import { addCanvas } from './canvas/program.ts';
import { cancel, pause, resume, status } from './documents/batches.ts';
import { listDocuments, type ListOptions } from './documents/commands.ts';
import { addEmail } from './email/program.ts';
import { invoice } from './documents/invoice.ts';
import { ocr, type OcrOptions } from './documents/ocr.ts';
import { result, type ResultOptions } from './documents/result.ts';
import { UsageError, type CliContext, type Run } from './terminal/context.ts';
import { exitCodes } from './terminal/exit-codes.ts';
import { addHousekeeping } from './housekeeping/program.ts';
import { addImports } from './imports/program.ts';
import { note, printable } from './terminal/output.ts';
import { addReports } from './reports/program.ts';
import { addSchedules } from './schedules/program.ts';
import { addQueues, addTasks } from './tasks/program.ts';

const EXIT_HELP = `
Exit codes:
  ${exitCodes.ok}    done; with --follow: every document was read
  ${exitCodes.failed}    not all of it went well, or what was asked for does not exist
  ${exitCodes.usage}    the command line is wrong; nothing was started
  ${exitCodes.unavailable}   Perennial is not running or does not answer
  ${exitCodes.interrupted}  Ctrl-C while following; the batch goes on`;

/** Runs one command line and gives its exit code. Never throws. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  let code: number = exitCodes.ok;
  const program = createProgram(context, async (work) => {
    code = await work;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, context);
  }
}

function createProgram(context: CliContext, run: Run): Command {
  const program = new Command('perennial')
    .description('Durable background work: documents, imports, reports, mail, tasks and schedules.')
    .addHelpText('after', EXIT_HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
    });
  addReading(program, context, run);
  addBatches(program, context, run);
  addDocuments(program, context, run);
  addReports(program, context, run);
  addHousekeeping(program, context, run);
  addImports(program, context, run);
  addEmail(program, context, run);
  addTasks(program, context, run);
  addCanvas(program, context, run);
  addSchedules(program, context, run);
  addQueues(program, context, run);
  return program;
}

function addReading(program: Command, context: CliContext, run: Run): void {
  program
    .command('ocr')
    .description('read files and folders as one batch')
    .argument('<path...>', 'images, PDFs and folders of them, inside the allowed folders (DOCUMENT_ROOTS)')
    .addOption(new Option('--backend <name>', 'engine that is asked first').choices(OCR_BACKENDS))
    .option('--language <codes>', 'Tesseract codes joined by +, for example eng+deu')
    .option('--no-preprocess', 'do not turn, straighten and clean pages before reading')
    .option('--force-ocr', 'read the picture of PDF pages even where they have a text layer')
    .option('--id <id>', 'name of the batch; the same name is the same batch')
    .option('--follow', 'show the progress and wait for the end')
    .option('--json', 'print JSON')
    .action((paths: string[], options: OcrOptions) => run(ocr(context, paths, options)));
  program
    .command('result')
    .description('what was read, of a document or of a batch')
    .argument('<id>', 'id of a document or a batch')
    .addOption(new Option('--format <format>', 'form of the result').choices(['text', 'json', 'pdf']).default('text'))
    .option('-o, --output <file>', 'write to a file')
    .action((id: string, options: ResultOptions) => run(result(context, id, options)));
  program
    .command('invoice')
    .description('find the fields of an invoice in a document that has been read')
    .argument('<id>', 'id of a document')
    .option('--json', 'print JSON')
    .action((id: string, options: { json?: boolean }) => run(invoice(context, id, options)));
}

function addBatches(program: Command, context: CliContext, run: Run): void {
  program
    .command('status')
    .description('where a document or a batch stands')
    .argument('<id>', 'id of a document or a batch')
    .option('--follow', 'show the progress of a batch and wait for its end')
    .option('--json', 'print JSON')
    .action((id: string, options: { json?: boolean; follow?: boolean }) => run(status(context, id, options)));
  const verbs = [
    { name: 'cancel', description: 'stop a batch; what has been read is kept', act: cancel },
    { name: 'pause', description: 'finish the documents in work and take no further ones', act: pause },
    { name: 'resume', description: 'go on with a batch that was paused, cancelled or failed', act: resume },
  ];
  for (const { name, description, act } of verbs) {
    program
      .command(name)
      .description(description)
      .addArgument(new Argument('<id>', 'id of a batch'))
      .action((id: string) => run(act(context, id)));
  }
}

function addDocuments(program: Command, context: CliContext, run: Run): void {
  const documents = program.command('documents').description('the documents that Perennial knows');
  const withOptions = (command: Command): Command =>
    command
      .addOption(new Option('--status <status>', 'only these').choices(DOCUMENT_STATUSES))
      .addOption(new Option('--limit <n>', 'documents per page').argParser(limit).default(50))
      .option('--after <id>', 'go on behind this document')
      .option('--json', 'print JSON');
  withOptions(documents.command('list').description('newest first')).action((options: ListOptions) =>
    run(listDocuments(context, [], options)),
  );
  withOptions(documents.command('search').description('by words of their text'))
    .argument('<words...>', 'words that must stand in the text')
    .action((words: string[], options: ListOptions) => run(listDocuments(context, words, options)));
}

function limit(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 500)
    throw new InvalidArgumentError('expected a number from 1 to 500');
  return value;
}

/** Tells a person what went wrong and what to do, and a script by the exit code. */
function explain(error: unknown, context: CliContext): number {
  // commander has printed its message itself; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof PerennialError ? `\n${failures[error.type].remedy}` : '';
  note(context, `perennial: ${printable(message)}${remedy}`);
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof InvalidInput) return exitCodes.usage;
  if (error instanceof Unavailable) return exitCodes.unavailable;
  // A failure that trying later may mend: a database or a store that is away.
  if (error instanceof PerennialError && failures[error.type].class === 'transient') return exitCodes.unavailable;
  return exitCodes.failed;
}
