/** The commands of failed steps that wait for a person: their names, options and help. */
import { type Command, Option } from 'commander';
import type { CliDomain } from '../domain.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { jsonFlag, outputForm, reasonOption } from '../terminal/options.ts';
import type { DecideOptions, ListOptions } from './commands.ts';

/** Adds `perennial parked …`. */
export const parked: CliDomain = {
  addCommands(program, context, run) {
    const group = program
      .command('parked')
      .description('failed steps that wait for a person: look at them, let them go on');
    group
      .command('list')
      .description('runs in which something waits, the newest first')
      .addOption(new Option('--limit <n>', 'at most so many').argParser(wholeNumber(1)).default(50))
      .option('--after <position>', 'go on after a page')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((options: ListOptions) =>
        run(import('./commands.ts').then(({ listParked }) => listParked(context, options))),
      );
    group
      .command('show')
      .description('what waits in a run, why and until when, and what was decided')
      .argument('<id>', 'id of a run, or the name of a canvas')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((id: string, options: { json?: boolean }) =>
        run(import('./commands.ts').then(({ showParked }) => showParked(context, id, options))),
      );
    const decide =
      (action: 'retry' | 'skip' | 'abort') => (id: string, path: string | undefined, options: DecideOptions) =>
        run(import('./commands.ts').then(({ decideParked }) => decideParked(context, action, { id, path }, options)));
    decision(group.command('retry').description('run failed steps again in place'))
      .option('--input <json>', 'another input for one step: JSON, or @file with JSON')
      .action(decide('retry'));
    decision(group.command('skip').description('go on with a value in the place of a result'))
      .requiredOption('--value <json>', 'what takes the place of the result: JSON, or @file with JSON')
      .action(decide('skip'));
    decision(group.command('abort').description('let failed steps fail as they would have failed at once')).action(
      decide('abort'),
    );
  },
};

function decision(command: Command): Command {
  return command
    .argument('<id>', 'id of a run, or the name of a canvas')
    .argument('[path]', 'all steps that wait at and below it; without it, the only one')
    .addOption(reasonOption())
    .option('--by <name>', 'who; default: your user name')
    .addOption(outputForm())
    .addOption(jsonFlag());
}
