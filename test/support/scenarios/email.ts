import { type KeptStep, REDRIVE_MEMO, StepKeys } from '../../../contracts/dlq/steps.ts';
import { emailWorkflows } from '../../../contracts/email/vocabulary.ts';
import { taskWorkflows } from '../../../contracts/tasks/definition.ts';
import { type Scenario, until } from './scenario.ts';
import { scriptEmail, type ScriptedEmail } from '../scripted/email.ts';

const bulk = { recipients: ['a@example.com', 'b@example.com', 'c@example.com'], subject: 'News', body: '<p>Hi</p>' };
const user = { userId: 'user-1', email: 'new@example.com', name: 'New' };
const single = { messageKey: 'key-1', to: 'a@example.com', subject: 'Hi', body: 'Hello' };

/** What a run has done that failed when it asked the user to verify the address. */
const welcomed: readonly KeptStep[] = [
  {
    key: new StepKeys().next('task', 'email.createUserProfile', [user]),
    value: { status: 'success', user_id: user.userId, created: false },
  },
  {
    key: new StepKeys().next('task', 'email.sendWelcome', [{ to: user.email, name: user.name }]),
    value: { status: 'sent', recipient: user.email, messageId: '<1@example.com>' },
  },
];

export const emailScenarios = {
  'send-email.success': {
    workflow: taskWorkflows.runTask,
    world: () => scriptEmail(),
    args: ['email.send', single],
  },
  'send-email.retried': {
    workflow: taskWorkflows.runTask,
    world: () => scriptEmail({ fails: { task: 'email.send', type: 'EmailDeferred', times: 2 } }),
    args: ['email.send', single],
  },
  'send-email.failed': {
    workflow: taskWorkflows.runTask,
    world: () => scriptEmail({ fails: { task: 'email.send', type: 'RecipientRejected' } }),
    args: ['email.send', single],
  },
  'send-bulk-emails.success': {
    workflow: emailWorkflows.sendBulkEmails,
    world: () => scriptEmail({ total: 1_200 }),
    args: [bulk],
  },
  'send-bulk-emails.deferred': {
    workflow: emailWorkflows.sendBulkEmails,
    world: () => scriptEmail({ total: 600, deferred: { recipients: 2, rounds: 2 } }),
    args: [bulk],
  },
  'send-bulk-emails.given-up': {
    workflow: emailWorkflows.sendBulkEmails,
    world: () => scriptEmail({ deferred: { recipients: 2, rounds: 6 } }),
    args: [bulk],
  },
  'send-bulk-emails.retried': {
    workflow: emailWorkflows.sendBulkEmails,
    world: () => scriptEmail({ fails: { task: 'email.sendBulkChunk', type: 'EmailServerUnavailable', times: 2 } }),
    args: [bulk],
  },
  'send-bulk-emails.failed': {
    workflow: emailWorkflows.sendBulkEmails,
    world: () => scriptEmail({ fails: { task: 'email.prepareBulk', type: 'AttachmentMissing' } }),
    args: [bulk],
  },
  'send-bulk-emails.cancelled': {
    workflow: emailWorkflows.sendBulkEmails,
    world: () => scriptEmail({ total: 3_000, takesMs: 60_000 }),
    args: [bulk],
    meanwhile: async (handle, world) => {
      await until(() => world.callsOf('email.sendBulkChunk').length >= 4);
      await handle.cancel();
    },
  },
  'send-bulk-emails.continued-as-new': {
    workflow: emailWorkflows.sendBulkEmails,
    world: () => scriptEmail({ total: 30_000, deferred: { recipients: 5, rounds: 1 } }),
    args: [bulk],
  },
  'onboard-user.success': {
    workflow: emailWorkflows.onboardUser,
    world: () => scriptEmail(),
    args: [{ ...user, verificationToken: 'token-1' }],
  },
  'onboard-user.failed': {
    workflow: emailWorkflows.onboardUser,
    world: () => scriptEmail({ fails: { task: 'email.sendWelcome', type: 'RecipientRejected' } }),
    args: [user],
  },
  'onboard-user.redriven': {
    workflow: emailWorkflows.onboardUser,
    world: () => scriptEmail({ kept: welcomed }),
    args: [{ ...user, verificationToken: 'token-1' }],
    memo: {
      [REDRIVE_MEMO]: { of: 'the-run-before', keeps: true, firstRunId: 'the-first-run', dueAt: '2026-10-25T00:00:00Z' },
    },
  },
  'send-weekly-digest.success': {
    workflow: emailWorkflows.sendWeeklyDigest,
    world: () => scriptEmail({ users: 1_100, deferred: { recipients: 3, rounds: 1 } }),
    args: [{}],
  },
  'send-weekly-digest.continued-as-new': {
    workflow: emailWorkflows.sendWeeklyDigest,
    world: () => scriptEmail({ users: 20_000 }),
    args: [{}],
  },
  'send-inactive-reminders.success': {
    workflow: emailWorkflows.sendInactiveReminders,
    world: () => scriptEmail({ users: 2 }),
    args: [{}],
  },
  'send-inactive-reminders.failed': {
    workflow: emailWorkflows.sendInactiveReminders,
    world: () => scriptEmail({ users: 2, fails: { task: 'email.sendReminders', type: 'EmailAuthFailed' } }),
    args: [{}],
  },
} as const satisfies Readonly<Record<string, Scenario<ScriptedEmail>>>;
