/** The port that only the commands of email use. */
import type { BulkLedger } from '../../client/index.ts';
import { createEmailOutcomes } from '../../services/email/outcomes.ts';
import type { CliRoot } from '../root.ts';
import type { CliContext, CliServices } from '../terminal/context.ts';

/** The port of email. */
export interface EmailPorts {
  readonly email: BulkLedger;
}

/** What the commands of email use once connected. */
export type EmailServices = CliServices & EmailPorts;

/** What one run of a command of email works with. */
export type EmailContext = CliContext<EmailServices>;

/** Builds the port over the database. */
export function openEmailPorts({ database }: CliRoot): EmailPorts {
  return { email: createEmailOutcomes(database) };
}
