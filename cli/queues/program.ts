/** The commands of queues: their names, options and help. */
import type { Command } from 'commander';
import type { CliDomain } from '../domain.ts';
import { changeQueue, type ChangeOptions, listQueues, setQueueRate } from './commands.ts';

const JSON_FLAG = ['--json', 'print JSON'] as const;

/** Adds `perennial queues …`. */
export const queues: CliDomain = {
  addCommands(program, context, run) {
    const group = program.command('queues').description('look at queues, pause, resume and drain them');
    group
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
      const command = withReason(group.command(verb).description(description));
      if (verb === 'drain') command.option('--wait', 'wait until nothing is left');
      command.action((name: string, options: ChangeOptions & { wait?: boolean }) =>
        run(changeQueue(context, verb, name, options)),
      );
    }
    withReason(group.command('rate').description('limit the starts of all workers together'))
      .argument('<rate>', 'for example 10/s, 100/m or 5/h; default: what the queue has by itself')
      .action((name: string, rate: string, options: ChangeOptions) => run(setQueueRate(context, name, rate, options)));
  },
};

function withReason(command: Command): Command {
  return command
    .argument('<name>', 'name of the queue, for example documents.email')
    .requiredOption('--reason <text>', 'why; kept by the server')
    .option('--by <name>', 'who; default: your user name')
    .option(...JSON_FLAG);
}
