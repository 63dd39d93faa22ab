/** The command line: its commands, options and help. */
import { Command, CommanderError } from 'commander';
import type { PortsOf } from '../contracts/ports.ts';
import type { CliDomain } from './domain.ts';
import * as domains from './domains.ts';
import type { CliContext, CliServices, Run } from './terminal/context.ts';
import { coloured, takesColours } from './terminal/colours.ts';
import { formOf } from './terminal/form.ts';
import { readProduct } from './application/product.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';

/** Everything that the commands of all domains use: what all of them share, and the ports of each domain. */
export type AllServices = CliServices & PortsOf<typeof domains>;

const EXIT_HELP = `
Exit codes:
  ${exitCodes.ok}    done; with --follow: every document was read
  ${exitCodes.failed}    not all of it went well, or what was asked for does not exist
  ${exitCodes.usage}    the command line is wrong, or the start was refused; nothing was started
  ${exitCodes.unavailable}   Perennial is not running, does not answer, or refuses the start for now
  ${exitCodes.conflict}   the id, key or name belongs to other content; nothing was started
  ${exitCodes.config}   the configuration or the application is faulty; nothing was started
  ${exitCodes.interrupted}  Ctrl-C while following; the batch continues`;

/**
 * Runs one command line and returns its exit code.
 *
 * @throws only the error of a package that is not installed, for the launcher, which knows what the command needs
 */
export async function runCli(args: readonly string[], given: Omit<CliContext<AllServices>, 'form'>): Promise<number> {
  const context: CliContext<AllServices> = { ...given, form: formOf(args) };
  let code: number = exitCodes.ok;
  const program = createProgram(context, async (work) => {
    code = await work;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return endOf(error, context);
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') throw error;
    const { explain } = await import('./terminal/explain.ts'); // it loads the errors of the Temporal client
    return explain(error, context);
  }
}

/** For people, commander has already printed its message; asking for help is not an error. */
async function endOf(error: CommanderError, context: CliContext): Promise<number> {
  if (error.exitCode === 0) return exitCodes.ok;
  if (context.form !== 'table') {
    const { explainUsage } = await import('./terminal/usage.ts');
    explainUsage(error, context);
  }
  return exitCodes.usage;
}

function createProgram(context: CliContext<AllServices>, run: Run): Command {
  const program = new Command('perennial')
    .description('Starts, watches and steers durable background work.')
    .version(readProduct().version, '-V, --version')
    .addHelpText('after', EXIT_HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => {
        if (context.form === 'table') context.stderr.write(text);
      },
      outputError: (text, write) => write(coloured(context, 'stderr', 'red', text)),
      getOutHasColors: () => takesColours(context, 'stdout'),
      getErrHasColors: () => takesColours(context, 'stderr'),
    })
    .configureHelp({ styleTitle: (text) => coloured(context, 'stdout', 'bold', text) })
    .hook('preAction', (_program, command) => {
      // Commands pass most of their options on, so that only `json` is left of the two.
      Reflect.deleteProperty(command.opts(), 'output');
      command.setOptionValue('json', context.form !== 'table');
    });
  for (const { addCommands } of Object.values<CliDomain<AllServices>>(domains)) addCommands(program, context, run);
  return program;
}
