/** `perennial messages`: sends one text message, and shows where it stands. */
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import type { CliDomain } from '../domain.ts';
import { type CliContext, starting, withServices } from '../terminal/context.ts';
import { jsonFlag, outputForm, waitFlag } from '../terminal/options.ts';
import { factsTable, print, printJson } from '../terminal/output.ts';

interface SendOptions {
  readonly key?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** Adds `perennial messages …`. */
export const messages: CliDomain = {
  addCommands(program, context, run) {
    const group = program.command('messages').description('text messages to phones: one for each key');
    group
      .command('send')
      .description('send one text message')
      .argument('<to>', 'number in the international form, such as +4915112345678')
      .argument('<text>', 'what it says')
      .option('--key <key>', 'name of the message; the same name is the same message')
      .addOption(waitFlag())
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((to: string, text: string, options: SendOptions) => run(send(context, to, text, options)));
    group
      .command('status')
      .description('where a text message stands')
      .argument('<id>', 'what send has printed')
      .addOption(outputForm())
      .addOption(jsonFlag())
      .action((id: string, options: { json?: boolean }) => run(status(context, id, options.json === true)));
  },
};

async function send(context: CliContext, to: string, body: string, options: SendOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const job = await starting(client.messages.send({ to, body, messageKey: options.key }));
    if (options.wait === true) {
      const result = await job.result({ signal: context.signal });
      if (options.json === true) printJson(context, result);
      else print(context, factsTable({ ...result }));
    } else if (options.json === true) printJson(context, { status: 'queued', task_id: job.id });
    else print(context, `Started ${job.id}\nSee what became of it with: perennial messages status ${job.id}`);
    return exitCodes.ok;
  });
}

async function status(context: CliContext, id: string, json: boolean): Promise<number> {
  return withServices(context, async ({ client }) => {
    const state = await client.messages.getMessage(id).status();
    if (json) printJson(context, { id, status: state });
    else print(context, factsTable({ message: id, status: state }));
    return state === 'running' || state === 'completed' ? exitCodes.ok : exitCodes.failed;
  });
}
