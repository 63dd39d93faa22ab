/** The commands of breakers: their names, options and help. */
import { type Command, Option } from 'commander';
import type { CliDomain } from '../domain.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { jsonFlag, outputForm, reasonOption } from '../terminal/options.ts';
import type { BreakerOptions } from './commands.ts';

/** Adds `perennial breakers …`. */
export const breakers: CliDomain = {
  addCommands(program, context, run) {
    const group = program.command('breakers').description('look at providers that fail, and stop or free their calls');
    group
      .command('list')
      .description('every provider that has failed: state, waiting calls, next probe, why')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action(() => run(import('./commands.ts').then(({ listBreakers }) => listBreakers(context))));
    group
      .command('show')
      .description('one provider, and who changed its breaker when and why')
      .argument('<key>', 'key of the provider, as the list shows it')
      .action((key: string) => run(import('./commands.ts').then(({ showBreaker }) => showBreaker(context, key))));
    const change = (verb: 'open' | 'close') => (key: string, options: BreakerOptions) =>
      run(import('./commands.ts').then(({ changeBreaker }) => changeBreaker(context, verb, key, options)));
    withReason(group.command('open').description('let all calls of a provider wait'))
      .addOption(
        new Option(
          '--for <seconds>',
          'one call probes the provider after this time; default: nobody until it is closed',
        ).argParser(wholeNumber(1)),
      )
      .action(change('open'));
    withReason(group.command('close').description('let calls of a provider pass again')).action(change('close'));
  },
};

function withReason(command: Command): Command {
  return command
    .argument('<key>', 'key of the provider, for example smtp:mail.example.com')
    .addOption(reasonOption().makeOptionMandatory())
    .option('--by <name>', 'who; default: your user name')
    .addOption(outputForm())
    .addOption(jsonFlag());
}
