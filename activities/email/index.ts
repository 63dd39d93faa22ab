/** Registers the tasks of the e-mail domain. */
import { taskSchemas } from '../../contracts/catalogue.schema.ts';
import { emailTasks as tasks } from '../../contracts/email/tasks.ts';
import { shell, type ShellOptions } from '../shell/shell.ts';
import { finishBulk, prepareBulk, sendBulkChunk } from './bulk.ts';
import type { EmailPorts } from './ports.ts';
import { sendEmail, sendTemplated } from './send.ts';
import { createUserProfile, sendDigests, sendReminders } from './users.ts';

/**
 * The activities of the e-mail domain, by task name. Every one may run twice:
 * the ledger knows what was sent under which key.
 */
export function createEmailActivities(ports: EmailPorts, options: ShellOptions) {
  return { ...singleMessages(ports, options), ...mailings(ports, options) };
}

function singleMessages(ports: EmailPorts, options: ShellOptions) {
  const { templates } = ports;
  return {
    [tasks.send.name]: shell(
      tasks.send,
      taskSchemas['email.send'],
      (input, context) => sendEmail(ports, input, context),
      options,
    ),
    [tasks.sendVerification.name]: shell(
      tasks.sendVerification,
      taskSchemas['email.sendVerification'],
      ({ to, token }, context) =>
        sendTemplated(ports, { kind: 'verification', to, about: token }, templates.verification(token), context),
      options,
    ),
    [tasks.sendPasswordReset.name]: shell(
      tasks.sendPasswordReset,
      taskSchemas['email.sendPasswordReset'],
      ({ to, token }, context) =>
        sendTemplated(ports, { kind: 'password-reset', to, about: token }, templates.passwordReset(token), context),
      options,
    ),
    [tasks.sendWelcome.name]: shell(
      tasks.sendWelcome,
      taskSchemas['email.sendWelcome'],
      ({ to, name = '' }, context) =>
        sendTemplated(ports, { kind: 'welcome', to, about: '' }, templates.welcome(name), context),
      options,
    ),
    [tasks.createUserProfile.name]: shell(
      tasks.createUserProfile,
      taskSchemas['email.createUserProfile'],
      (input) => createUserProfile(ports, input),
      options,
    ),
  };
}

function mailings(ports: EmailPorts, options: ShellOptions) {
  return {
    [tasks.prepareBulk.name]: shell(
      tasks.prepareBulk,
      taskSchemas['email.prepareBulk'],
      (input) => prepareBulk(ports, input),
      options,
    ),
    [tasks.sendBulkChunk.name]: shell(
      tasks.sendBulkChunk,
      taskSchemas['email.sendBulkChunk'],
      (input, context) => sendBulkChunk(ports, input, context),
      options,
    ),
    [tasks.finishBulk.name]: shell(
      tasks.finishBulk,
      taskSchemas['email.finishBulk'],
      (input, context) => finishBulk(ports, input, context),
      options,
    ),
    [tasks.sendDigests.name]: shell(
      tasks.sendDigests,
      taskSchemas['email.sendDigests'],
      (input, context) => sendDigests(ports, input, context),
      options,
    ),
    [tasks.sendReminders.name]: shell(
      tasks.sendReminders,
      taskSchemas['email.sendReminders'],
      (input, context) => sendReminders(ports, input, context),
      options,
    ),
  };
}
