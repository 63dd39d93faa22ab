/** The commands of housekeeping: their names, options and help. */
import { Argument, Option } from 'commander';
import { HOUSEKEEPING_TASKS } from '../../contracts/housekeeping/vocabulary.ts';
import { backup, type BackupOptions, type HousekeepingOptions, restore, runTask } from './commands.ts';
import type { CliDomain } from '../domain.ts';
import { wholeNumber } from '../terminal/numbers.ts';
import { jsonFlag, outputForm } from '../terminal/options.ts';

/** Adds `perennial housekeeping`, `backup` and `restore`. */
export const housekeeping: CliDomain = {
  addCommands(program, context, run) {
    program
      .command('housekeeping')
      .description('clean up and look after the installation')
      .addArgument(
        // Names as Celery spells them are accepted as well.
        new Argument('<name>', 'what to do').choices(HOUSEKEEPING_TASKS).argParser((name: string) => name),
      )
      .option('--dry-run', 'only say what would be done')
      .addOption(new Option('--days <n>', 'keep what is younger').argParser(wholeNumber(1)))
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((task: string, options: HousekeepingOptions) => run(runTask(context, task, options)));
    program
      .command('backup')
      .description('store a copy of the database')
      .option('--file <file>', 'write it to a file as well')
      .addOption(new Option('--keep <n>', 'newest backups that stay').argParser(wholeNumber(1)))
      .option('--dry-run', 'only say what would be done')
      .option('--list', 'list the stored backups')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((options: BackupOptions) => run(backup(context, options)));
    program
      .command('restore')
      .description('load a backup into an empty database')
      .argument('<file>', 'a backup')
      .requiredOption('--into <url>', 'postgresql://user:password@host:port/name; created when it does not exist')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((file: string, options: { into: string; json?: boolean }) => run(restore(context, file, options)));
  },
};
