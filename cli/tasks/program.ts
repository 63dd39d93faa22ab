/** The commands of tasks and queues: their names, options and help. */
import { type Command, Option } from 'commander';
import { changeQueue, type ChangeOptions, listQueues, setQueueRate } from '../queues/commands.ts';
import {
  callTask,
  type CallCommandOptions,
  type FilterOptions,
  listTasks,
  retryTask,
  type RetryCommandOptions,
  revokeTasks,
  routeOf,
  taskNames,
  taskResult,
  taskStatus,
} from './commands.ts';
import type { RoutingOptions } from '../../contracts/queues/routing.ts';
import type { CliContext, Run } from '../terminal/context.ts';
import { number } from '../terminal/numbers.ts';

const JSON_FLAG = ['--json', 'print JSON'] as const;

/** Adds `perennial tasks …`. */
export function addTasks(program: Command, context: CliContext, run: Run): void {
  const tasks = program.command('tasks').description('call single tasks, look at them, revoke them');
  tasks
    .command('names')
    .description('every task that can be called')
    .option(...JSON_FLAG)
    .action((options: { json?: boolean }) => run(taskNames(context, options)));
  tasks
    .command('route')
    .description('which queue and priority a task gets, also one of the sources by its name there')
    .argument('<name>', 'for example celery_app.tasks.ocr_tasks.process_document_ocr')
    .option('--urgent', 'somebody waits for it')
    .option('--transactional', 'a mail that the recipient has just asked for')
    .option(...JSON_FLAG)
    .action((name: string, options: RoutingOptions & { json?: boolean }) => run(routeOf(context, name, options)));
  addCall(tasks, context, run);
  tasks
    .command('status')
    .description('where a task stands')
    .argument('<id>', 'id of a task')
    .option(...JSON_FLAG)
    .action((id: string, options: { json?: boolean }) => run(taskStatus(context, id, options)));
  tasks
    .command('result')
    .description('wait for a task and print what it gave, as JSON')
    .argument('<id>', 'id of a task')
    .action((id: string) => run(taskResult(context, id)));
  tasks
    .command('retry')
    .description('run a task that failed or was revoked again')
    .argument('<id>', 'id of a task')
    .option('--input <json>', 'another input: JSON, or @file with JSON')
    .option('--wait', 'wait for the end and show it')
    .option(...JSON_FLAG)
    .action((id: string, options: RetryCommandOptions) => run(retryTask(context, id, options)));
  withFilter(tasks.command('list').description('tasks, newest first'))
    .addOption(new Option('--limit <n>', 'at most so many').argParser(number).default(50))
    .action((options: FilterOptions & { limit: number }) => run(listTasks(context, options)));
  withFilter(tasks.command('revoke').description('stop a task, or all under way that match'))
    .argument('[id]', 'id of a task')
    .option('--terminate', 'stop running attempts as well')
    .action((id: string | undefined, options: FilterOptions & { terminate?: boolean }) =>
      run(revokeTasks(context, id, options)),
    );
}

function withFilter(command: Command): Command {
  return command
    .option('--task <name>', 'of this task')
    .option('--tenant <tenant>', 'of this tenant')
    .option('--tag <tag>', 'with this tag')
    .option('--root <id>', 'of the tree below this task')
    .option(...JSON_FLAG);
}

function addCall(tasks: Command, context: CliContext, run: Run): void {
  const seconds = (flags: string, text: string): Option => new Option(flags, text).argParser(number);
  tasks
    .command('call')
    .description('start one task')
    .argument('<name>', 'name of the task, for example samples.add')
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
    .option('--wait', 'wait for the end and show it')
    .option(...JSON_FLAG)
    .action((name: string, options: CallCommandOptions) => run(callTask(context, name, options)));
}

/** Adds `perennial queues …`. */
export function addQueues(program: Command, context: CliContext, run: Run): void {
  const queues = program.command('queues').description('look at queues, pause, resume and drain them');
  queues
    .command('list')
    .description('every queue: state, priority, rate, backlog, workers')
    .option(...JSON_FLAG)
    .action((options: { json?: boolean }) => run(listQueues(context, options)));
  const verbs = [
    ['pause', 'let workers take nothing more; calls wait'],
    ['resume', 'end a pause or a drain'],
    ['drain', 'refuse new calls while workers go on until nothing is left'],
  ] as const;
  for (const [verb, description] of verbs) {
    const command = withReason(queues.command(verb).description(description));
    if (verb === 'drain') command.option('--wait', 'wait until nothing is left');
    command.action((name: string, options: ChangeOptions & { wait?: boolean }) =>
      run(changeQueue(context, verb, name, options)),
    );
  }
  withReason(queues.command('rate').description('limit the starts of all workers together'))
    .argument('<rate>', 'for example 10/s, 100/m or 5/h; default: what the queue has by itself')
    .action((name: string, rate: string, options: ChangeOptions) => run(setQueueRate(context, name, rate, options)));
}

function withReason(command: Command): Command {
  return command
    .argument('<name>', 'name of the queue, for example documents.email')
    .requiredOption('--reason <text>', 'why; kept by the server')
    .option('--by <name>', 'who; default: your user name')
    .option(...JSON_FLAG);
}
