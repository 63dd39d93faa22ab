/** The commands of failed steps that wait for a person: their names, options and help. */
import { Option } from 'commander';
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
    for (const { action, description, option } of decisions()) {
      const command = group
        .command(action)
        .description(description)
        .argument('<id>', 'id of a run, or the name of a canvas')
        .argument('[path]', 'all steps that wait at and below it; without it, the only one')
        .addOption(reasonOption())
        .option('--by <name>', 'who; default: your user name')
        .addOption(outputForm())
        .addOption(jsonFlag())
        .action((id: string, path: string | undefined, options: DecideOptions) =>
          run(import('./commands.ts').then(({ decideParked }) => decideParked(context, action, { id, path }, options))),
        );
      if (option !== undefined) command.addOption(option);
    }
  },
};

/** The parts in which the commands that decide differ. */
interface Deciding {
  readonly action: 'retry' | 'skip' | 'abort';
  readonly description: string;
  readonly option?: Option;
}

function decisions(): readonly Deciding[] {
  return [
    {
      action: 'retry',
      description: 'run failed steps again in place',
      option: new Option('--input <json>', 'another input for one step: JSON, or @file with JSON'),
    },
    {
      action: 'skip',
      description: 'go on with a value in the place of a result',
      option: new Option(
        '--value <json>',
        'what takes the place of the result: JSON, or @file with JSON',
      ).makeOptionMandatory(),
    },
    { action: 'abort', description: 'let failed steps fail as they would have failed at once' },
  ];
}
