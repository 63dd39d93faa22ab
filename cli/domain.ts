/** What a domain contributes to the command line. */
import type { Command } from 'commander';
import type { CliContext, Run } from './terminal/context.ts';

/**
 * The contribution of one domain: adds its commands to the program. `run` takes the work of a command, which ends with
 * an exit code. `cli/domains.ts` lists all domains.
 */
export type CliDomain = (program: Command, context: CliContext, run: Run) => void;
