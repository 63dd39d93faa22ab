import { ADMIN_RECIPIENT } from '../../contracts/email.ts';
import type { SendEmailInput, SendEmailOutput } from '../../contracts/email.schema.ts';
import { sendEmail } from './activities.ts';

/**
 * Writes to whoever runs the installation (EMAIL-8): daily and weekly report,
 * failed health check, failed task. The worker puts ADMIN_EMAIL in the place of
 * the recipient, because a workflow knows no configuration.
 */
export function notifyAdmin(message: Omit<SendEmailInput, 'to'>): Promise<SendEmailOutput> {
  return sendEmail({ ...message, to: ADMIN_RECIPIENT });
}
