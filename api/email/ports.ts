/** The port that only the routes of email use. */
import { createEmailOutcomes } from '../../services/email/outcomes.ts';
import type { EmailOutcomes } from '../../services/email/port.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The port of email. */
export interface EmailPorts {
  readonly email: Pick<EmailOutcomes, 'outcomes' | 'counts'>;
}

/** What the handlers of email may use. */
export type EmailServices = ApiServices & EmailPorts;

/** Builds the port over the database. */
export function openEmailPorts({ database }: ApiRoot): EmailPorts {
  return { email: createEmailOutcomes(database) };
}
