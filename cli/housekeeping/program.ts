/** The commands of housekeeping: their names, options and help. */
import { Option } from 'commander';
import { HOUSEKEEPING_TASKS } from '../../contracts/housekeeping/vocabulary.ts';
import { backup, type BackupOptions, type HousekeepingOptions, restore, runTask } from './commands.ts';
import type { CliDomain } from '../domain.ts';
import { wholeNumber } from '../terminal/numbers.ts';

/** Adds `perennial housekeeping`, `backup` and `restore`. */
export const housekeeping: CliDomain = {
  addCommands(program, context, run) {
    program
      .command('housekeeping')
      .description('clean up and look after the installation')
      .argument('<task>', `one of ${HOUSEKEEPING_TASKS.join(', ')}`)
      .option('--dry-run', 'only say what would be done')
      .addOption(new Option('--days <n>', 'keep what is younger').argParser(wholeNumber(1)))
      .option('--json', 'print JSON')
      .action((task: string, options: HousekeepingOptions) => run(runTask(context, task, options)));
    program
      .command('backup')
      .description('store a copy of the database')
      .option('-o, --output <file>', 'write it to a file as well')
      .addOption(new Option('--keep <n>', 'newest backups that stay').argParser(wholeNumber(1)))
      .option('--dry-run', 'only say what would be done')
      .option('--list', 'list the stored backups')
      .option('--json', 'print JSON')
      .action((options: BackupOptions) => run(backup(context, options)));
    program
      .command('restore')
      .description('load a backup into an empty database')
      .argument('<file>', 'a backup')
      .requiredOption('--into <url>', 'postgresql://user:password@host:port/name; created when it does not exist')
      .option('--json', 'print JSON')
      .action((file: string, options: { into: string; json?: boolean }) => run(restore(context, file, options)));
  },
};
