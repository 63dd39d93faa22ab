/** The commands of queues: their names, options and help. */
import type { Command } from 'commander';
import type { CliDomain } from '../domain.ts';
import type { ChangeOptions } from './commands.ts';
import { jsonFlag, outputForm, reasonOption, waitFlag } from '../terminal/options.ts';

/** Adds `perennial queues …`. */
export const queues: CliDomain = {
  addCommands(program, context, run) {
    const group = program.command('queues').description('look at queues, pause, resume and drain them');
    group
      .command('list')
      .description('every queue: state, priority, rate, backlog, workers')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action(() => run(import('./commands.ts').then(({ listQueues }) => listQueues(context))));
    const verbs = [
      ['pause', 'let workers take nothing more; calls wait'],
      ['resume', 'end a pause or a drain'],
      ['drain', 'refuse new calls while workers go on until nothing is left'],
    ] as const;
    for (const [verb, description] of verbs) {
      const command = withReason(group.command(verb).description(description));
      if (verb === 'drain') command.addOption(waitFlag());
      command.action((name: string, options: ChangeOptions & { wait?: boolean }) =>
        run(import('./commands.ts').then(({ changeQueue }) => changeQueue(context, verb, name, options))),
      );
    }
    withReason(group.command('rate').description('limit the starts of all workers together'))
      .argument('<rate>', 'for example 10/s, 100/m or 5/h; default: what the queue has by itself')
      .action((name: string, rate: string, options: ChangeOptions) =>
        run(import('./commands.ts').then(({ setQueueRate }) => setQueueRate(context, name, rate, options))),
      );
  },
};

function withReason(command: Command): Command {
  return command
    .argument('<queue>', 'name of the queue, for example documents.email')
    .addOption(reasonOption().makeOptionMandatory())
    .option('--by <name>', 'who; default: your user name')
    .addOption(outputForm())
    .addOption(jsonFlag());
}
