/** `perennial completion`: what shells complete the command line with. */
import { Argument, type Command } from 'commander';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import type { CliDomain } from '../domain.ts';
import type { CliContext } from '../terminal/context.ts';
import { SHELLS, type Shell } from './scripts.ts';

/** Adds `perennial completion`, and the command that its scripts ask. */
export const completion: CliDomain = {
  addCommands(program, context, run) {
    program
      .command('completion')
      .description('print the script that completes commands, options and names in a shell')
      .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
      .action((shell: Shell) => run(printScript(context, shell)));
    program
      .command('complete', { hidden: true })
      .argument('[words...]', 'words of the line after the name of the program; the last one is unfinished')
      .action((words: readonly string[]) => run(complete(program, context, words)));
  },
};

async function printScript(context: CliContext, shell: Shell): Promise<number> {
  const { scripts } = await import('./scripts.ts');
  context.stdout.write(scripts[shell]);
  return exitCodes.ok;
}

async function complete(program: Command, context: CliContext, words: readonly string[]): Promise<number> {
  const { candidates } = await import('./candidates.ts');
  const found = await candidates(program, words, async (kind) => {
    const { namesOf } = await import('./names.ts');
    return namesOf(context, kind);
  });
  for (const { word, purpose } of found) context.stdout.write(`${word}\t${purpose}\n`);
  return exitCodes.ok;
}
