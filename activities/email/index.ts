/** The activities of the e-mail domain: one body for each row of `contracts/email/tasks.ts`. */
import { emailTaskSchemas } from '../../contracts/email/schema.ts';
import { emailTasks } from '../../contracts/email/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import { finishBulk, prepareBulk, sendBulkChunk } from './bulk.ts';
import type { EmailPorts } from './ports.ts';
import { sendEmail, sendTemplated } from './send.ts';
import { createUserProfile, sendDigests, sendReminders } from './users.ts';

/**
 * Creates the activities of e-mail. Every one may run twice, because the ledger records what was sent under which key.
 */
export const createEmailActivities = activitiesOf(emailTasks, emailTaskSchemas, (ports: EmailPorts) => ({
  send: (input, context) => sendEmail(ports, input, context),
  sendVerification: ({ to, token }, context) =>
    sendTemplated(ports, { kind: 'verification', to, about: token }, ports.templates.verification(token), context),
  sendPasswordReset: ({ to, token }, context) =>
    sendTemplated(ports, { kind: 'password-reset', to, about: token }, ports.templates.passwordReset(token), context),
  sendWelcome: ({ to, name = '' }, context) =>
    sendTemplated(ports, { kind: 'welcome', to, about: '' }, ports.templates.welcome(name), context),
  createUserProfile: (input) => createUserProfile(ports, input),
  prepareBulk: (input, context) => prepareBulk(ports, input, context),
  sendBulkChunk: (input, context) => sendBulkChunk(ports, input, context),
  finishBulk: (input, context) => finishBulk(ports, input, context),
  sendDigests: (input, context) => sendDigests(ports, input, context),
  sendReminders: (input, context) => sendReminders(ports, input, context),
}));
