/** The commands of tasks: their names, options and help. */
import { type Command, Option } from 'commander';
import type { CallCommandOptions, FilterOptions, ListCommandOptions, RetryCommandOptions } from './commands.ts';
import type { RoutingOptions } from '../../contracts/queues/routing.ts';
import type { CliDomain } from '../domain.ts';
import type { CliContext, Run } from '../terminal/context.ts';
import { number } from '../terminal/numbers.ts';
import { jsonFlag, onFailureOption, outputForm, parkedForOption, waitFlag } from '../terminal/options.ts';

/** Adds `perennial tasks …`. */
export const tasks: CliDomain = {
  addCommands(program, context, run) {
    const group = program.command('tasks').description('call single tasks, look at them, revoke them');
    group
      .command('names')
      .description('every task that can be called')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action(() => run(import('./commands.ts').then(({ taskNames }) => taskNames(context))));
    group
      .command('route')
      .description('which queue and priority a task gets, also one of the sources by its name there')
      .argument('<task>', 'for example celery_app.tasks.ocr_tasks.process_document_ocr')
      .option('--urgent', 'a user waits for it')
      .option('--transactional', 'a mail that the recipient has just asked for')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((name: string, options: RoutingOptions & { json?: boolean }) =>
        run(import('./commands.ts').then(({ routeOf }) => routeOf(context, name, options))),
      );
    addCall(group, context, run);
    group
      .command('status')
      .description('where a task stands')
      .argument('<id>', 'id of a task')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((id: string, options: { json?: boolean }) =>
        run(import('./commands.ts').then(({ taskStatus }) => taskStatus(context, id, options))),
      );
    group
      .command('result')
      .description('wait for a task and print what it gave, as JSON')
      .argument('<id>', 'id of a task')
      .action((id: string) => run(import('./commands.ts').then(({ taskResult }) => taskResult(context, id))));
    group
      .command('retry')
      .description('run a task that failed or was revoked again')
      .argument('<id>', 'id of a task')
      .option('--input <json>', 'another input: JSON, or @file with JSON')
      .addOption(waitFlag())
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((id: string, options: RetryCommandOptions) =>
        run(import('./commands.ts').then(({ retryTask }) => retryTask(context, id, options))),
      );
    withFilter(group.command('list').description('tasks, newest first'))
      .addOption(new Option('--limit <n>', 'at most so many').argParser(number).default(50))
      .option('--system', 'also runs that keep Perennial in order; --task and --tag find them in any case')
      .action((options: ListCommandOptions) =>
        run(import('./commands.ts').then(({ listTasks }) => listTasks(context, options))),
      );
    withFilter(group.command('revoke').description('stop a task, or all under way that match'))
      .argument('[id]', 'id of a task')
      .option('--terminate', 'stop running attempts as well')
      .action((id: string | undefined, options: FilterOptions & { terminate?: boolean }) =>
        run(import('./commands.ts').then(({ revokeTasks }) => revokeTasks(context, id, options))),
      );
  },
};

function withFilter(command: Command): Command {
  return command
    .option('--task <name>', 'of this task')
    .option('--tenant <tenant>', 'of this tenant')
    .option('--tag <tag>', 'with this tag')
    .option('--root <id>', 'of the tree below this task')
    .addOption(outputForm())
    .addOption(jsonFlag());
}

function addCall(tasks: Command, context: CliContext, run: Run): void {
  const seconds = (flags: string, text: string): Option => new Option(flags, text).argParser(number);
  tasks
    .command('call')
    .description('start one task')
    .argument('<task>', 'name of the task, for example samples.add')
    .option('--input <json>', 'its input as JSON, or @file', '{}')
    .option('--id <id>', 'id of the task')
    .option('--key <key>', 'idempotency key: a second call with the same key is the first one')
    .addOption(seconds('--countdown <seconds>', 'start after so many seconds'))
    .option('--eta <time>', 'start at this ISO time')
    .addOption(seconds('--expires <seconds>', 'do not start after so many seconds'))
    .addOption(seconds('--priority <n>', '1 to 10, 10 first'))
    .option('--queue <name>', "another queue than the task's own")
    .option('--region <name>', 'only workers of this region')
    .option('--tenant <tenant>', 'on whose behalf')
    .option('--tag <tag...>', 'words to find it by')
    .addOption(seconds('--soft-limit <seconds>', 'ask an attempt to stop after so long'))
    .addOption(seconds('--hard-limit <seconds>', 'give an attempt up after so long'))
    .option('--ignore-result', 'do not keep the result')
    .addOption(onFailureOption())
    .addOption(parkedForOption())
    .addOption(waitFlag())
    .addOption(outputForm())
    .addOption(jsonFlag())
    .action((name: string, options: CallCommandOptions) =>
      run(import('./commands.ts').then(({ callTask }) => callTask(context, name, options))),
    );
}
