/** The command line: its commands, options and help. */
import { Command, CommanderError } from 'commander';
import { Conflict, InvalidInput, Unavailable } from '../client/index.ts';
import type { PortsOf } from '../contracts/ports.ts';
import { failures, PerennialError } from '../contracts/failures.ts';
import type { CliDomain } from './domain.ts';
import * as domains from './domains.ts';
import { type CliContext, type CliServices, type Run, UsageError } from './terminal/context.ts';
import { exitCodes } from '../contracts/values/exit-codes.ts';
import { note, printable } from './terminal/output.ts';

/** Everything that the commands of all domains use: what all of them share, and the ports of each domain. */
export type AllServices = CliServices & PortsOf<typeof domains>;

const EXIT_HELP = `
Exit codes:
  ${exitCodes.ok}    done; with --follow: every document was read
  ${exitCodes.failed}    not all of it went well, or what was asked for does not exist
  ${exitCodes.usage}    the command line is wrong; nothing was started
  ${exitCodes.unavailable}   Perennial is not running or does not answer
  ${exitCodes.conflict}   the id or key belongs to a job with other content; nothing was started
  ${exitCodes.interrupted}  Ctrl-C while following; the batch continues`;

/** Runs one command line and returns its exit code; it never throws. */
export async function runCli(args: readonly string[], context: CliContext<AllServices>): Promise<number> {
  let code: number = exitCodes.ok;
  const program = createProgram(context, async (work) => {
    code = await work;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, context);
  }
}

function createProgram(context: CliContext<AllServices>, run: Run): Command {
  const program = new Command('perennial')
    .description('Starts, watches and steers durable background work.')
    .addHelpText('after', EXIT_HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
    });
  for (const { addCommands } of Object.values<CliDomain<AllServices>>(domains)) addCommands(program, context, run);
  return program;
}

/** Prints what went wrong and what to do, and returns the exit code. */
function explain(error: unknown, context: CliContext): number {
  // commander has already printed its message, and asking for help is not an error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof PerennialError ? `\n${failures[error.type].remedy}` : '';
  note(context, `perennial: ${printable(message)}${remedy}`);
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof InvalidInput) return exitCodes.usage;
  if (error instanceof Conflict) return exitCodes.conflict;
  if (error instanceof Unavailable) return exitCodes.unavailable;
  // A transient failure, such as an unreachable database, may be gone when the command is repeated.
  if (error instanceof PerennialError && failures[error.type].class === 'transient') return exitCodes.unavailable;
  return exitCodes.failed;
}
