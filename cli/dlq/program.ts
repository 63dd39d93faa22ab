/** The commands of dead letters: their names, options and help. */
import { type Command, Option } from 'commander';
import type { CliDomain } from '../domain.ts';
import { number, wholeNumber } from '../terminal/numbers.ts';
import { followFlag, jsonFlag, outputForm, reasonOption } from '../terminal/options.ts';
import type { CloseOptions, FilterOptions, ListOptions } from './commands.ts';
import type { RedriveOptions } from './redrive.ts';
import type { RedrivesOptions, RedriveViewOptions } from './redrives.ts';
import type { CliContext, Run } from '../terminal/context.ts';

/** Adds `perennial dlq …`. */
export const dlq: CliDomain = {
  addCommands(program, context, run) {
    const group = program.command('dlq').description('tasks that failed for good: look at them, put them right');
    withFilter(group.command('list').description('open dead letters, the oldest first'))
      .addOption(new Option('--limit <n>', 'at most so many').argParser(wholeNumber(1)).default(50))
      .option('--after <position>', 'go on after a page')
      .action((options: ListOptions) =>
        run(import('./commands.ts').then(({ listLetters }) => listLetters(context, options))),
      );
    withFilter(group.command('causes').description('open dead letters by cause, the most frequent first')).action(
      (options: FilterOptions) => run(import('./commands.ts').then(({ listCauses }) => listCauses(context, options))),
    );
    group
      .command('show')
      .description('one dead letter, open or not')
      .argument('<id>', 'id of the task')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((id: string, options: { json?: boolean }) =>
        run(import('./commands.ts').then(({ showLetter }) => showLetter(context, id, options))),
      );
    withWho(withFilter(group.command('redrive').description('start the runs of dead letters again')))
      .argument('[id]', 'id of one task; without it, a filter or --all')
      .option('--all', 'every open letter')
      .option('--dry-run', 'only say what would be done')
      .option('--input <json>', 'another input for one task: JSON, or @file with JSON')
      .option('--quarantined', 'also letters in quarantine: the same input has failed three times in the same way')
      .option('--whole', 'run pipelines whole, without the results of the steps that had succeeded')
      .addOption(new Option('--rate <n>', 'at most so many runs a second').argParser(number).default(10))
      .addOption(new Option('--limit <n>', 'at most so many runs').argParser(wholeNumber(1)))
      .addOption(followFlag())
      .action((id: string | undefined, options: RedriveOptions) =>
        run(import('./redrive.ts').then(({ redrive }) => redrive(context, id, options))),
      );
    addRedrives(group, context, run);
    const verbs = [
      ['resolve', 'close a dead letter that was put right otherwise'],
      ['discard', 'close a dead letter that is not worth repeating'],
    ] as const;
    for (const [verb, description] of verbs)
      withWho(group.command(verb).description(description))
        .argument('<id>', 'id of the task')
        .addOption(outputForm())
        .addOption(jsonFlag())
        .action((id: string, options: CloseOptions) =>
          run(import('./commands.ts').then(({ closeLetter }) => closeLetter(context, verb, id, options))),
        );
    withFilter(group.command('export').description('every open dead letter as JSON, one on each line')).action(
      (options: FilterOptions) =>
        run(import('./commands.ts').then(({ exportLetters }) => exportLetters(context, options))),
    );
  },
};

/** Adds `perennial dlq redrives …`. */
function addRedrives(parent: Command, context: CliContext, run: Run): void {
  const group = parent.command('redrives').description('redrives of many letters: look at them, steer them');
  group
    .command('list', { isDefault: true })
    .description('redrives of many letters, the newest first')
    .addOption(new Option('--limit <n>', 'at most so many').argParser(wholeNumber(1)).default(50))
    .option('--after <position>', 'go on after a page')
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((options: RedrivesOptions) =>
      run(import('./redrives.ts').then(({ listRedrives }) => listRedrives(context, options))),
    );
  group
    .command('show')
    .description('what a redrive was told, and how far it is')
    .argument('<id>', 'id of the redrive')
    .addOption(followFlag())
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((id: string, options: RedriveViewOptions) =>
      run(import('./redrives.ts').then(({ showRedrive }) => showRedrive(context, id, options))),
    );
  const verbs = [
    ['pause', 'start no further run'],
    ['resume', 'let a redrive go on'],
    ['abort', 'end a redrive; letters of runs that were not started stay open'],
  ] as const;
  for (const [verb, description] of verbs)
    group
      .command(verb)
      .description(description)
      .argument('<id>', 'id of the redrive')
      .option('--by <name>', 'who; default: your user name')
      .action((id: string, options: { by?: string }) =>
        run(import('./redrives.ts').then(({ steerRedrive }) => steerRedrive(context, verb, id, options))),
      );
}

function withFilter(command: Command): Command {
  return command
    .option('--cause <fingerprint>', 'of this cause')
    .option('--task <name>', 'of this task')
    .option('--workflow <type>', 'of runs of this type')
    .option('--tenant <tenant>', 'of this tenant')
    .option('--failure <type>', 'with this failure, for example BackendUnavailable')
    .option('--class <class>', 'with a failure of this class')
    .option('--since <time>', 'failed at or after this time')
    .option('--until <time>', 'failed before this time')
    .addOption(outputForm())
    .addOption(jsonFlag());
}

function withWho(command: Command): Command {
  return command.addOption(reasonOption()).option('--by <name>', 'who; default: your user name');
}
