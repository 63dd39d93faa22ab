/** The command of audits: its name, options and help. */
import { Option } from 'commander';
import type { CliDomain } from '../domain.ts';
import { number, wholeNumber } from '../terminal/numbers.ts';
import { jsonFlag, outputForm } from '../terminal/options.ts';
import type { AuditCommandOptions } from './commands.ts';

/** Adds `perennial audit`. */
export const audit: CliDomain = {
  addCommands(program, context, run) {
    program
      .command('audit')
      .description('prove that each accepted job is finished, alive or a dead letter; exit code 1 for any difference')
      .option('--since <time>', 'only runs that began at or after this time; default: 30 days ago')
      .addOption(
        new Option('--grace <seconds>', 'age from which a difference counts: what is younger may be on its way')
          .argParser(number)
          .default(60),
      )
      .addOption(new Option('--limit <n>', 'name at most so many differences').argParser(wholeNumber(0)).default(1_000))
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((options: AuditCommandOptions) =>
        run(import('./commands.ts').then(({ audit }) => audit(context, options))),
      );
  },
};
