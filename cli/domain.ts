/** What a domain contributes to the command line. */
import type { Command } from 'commander';
import type { CliRoot } from './root.ts';
import type { CliContext, CliServices, Run } from './terminal/context.ts';

/** The contribution of a domain without ports of its own; `cli/domains.ts` lists all domains. */
export interface CliDomain<Services extends CliServices = CliServices> {
  /** Adds the commands of the domain to the program; `run` takes the work of a command, which ends with an exit code. */
  readonly addCommands: (program: Command, context: CliContext<Services>, run: Run) => void;
  /** Absent: the domain uses only what all domains may use. */
  readonly openPorts?: (root: CliRoot) => object;
}

/** The contribution of a domain with ports of its own, which stand in `cli/DOMAIN/ports.ts`. */
export interface CliDomainWithPorts<Ports extends object> extends CliDomain<CliServices & Ports> {
  /** Builds the ports over real adapters. No two domains may use the same name for a port. */
  readonly openPorts: (root: CliRoot) => Ports;
}
