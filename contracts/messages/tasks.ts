/** The tasks of text messages: the rows that this domain adds to the catalogue. */
import { queues } from '../queues/names.ts';
import { taskRow } from '../tasks/definition.ts';
import { fourTimes180s, standardLimits, untilStoreIsBack } from '../tasks/policies.ts';
import { longLimits } from '../tasks/time-limits.ts';
import type { RetryRule } from '../tasks/retry-rules.ts';
import { SECOND_MS } from '../values/units.ts';
import type {
  CheckInOnUserInput,
  ContactInput,
  ContactOutput,
  EducationInput,
  MonthlyReportInput,
  PaymentReminderInput,
  RecipientPageInput,
  RecipientPageOutput,
  ReportToUserInput,
  SendMessageInput,
  SendMessageOutput,
  SmartMessageInput,
  ToldUser,
  UserMessageInput,
  UserMessageOutput,
  WeeklyCheckinInput,
} from './schema.ts';
import { analyticsTasks } from './analytics-tasks.ts';
import { celery, providerBreaker } from './origins.ts';

/** The policy of messages for which nothing else is said. */
const messageRetry: RetryRule = {
  attempts: 4,
  delayMs: 60 * SECOND_MS,
  factor: 2,
  reason: 'Four attempts after 60, 120 and 240 s; each asks first what became of the one before.',
};

const alertRetry: RetryRule = {
  attempts: 4,
  delayMs: 60 * SECOND_MS,
  reason: 'Four attempts a minute apart: an alert is of use within minutes.',
};

const reminderRetry: RetryRule = {
  attempts: 4,
  delayMs: 300 * SECOND_MS,
  reason: 'Four attempts five minutes apart: a reminder may be late.',
};

/** The policy of monthly reports; a report to all users makes as many rounds, with the same pause. */
export const reportRetry: RetryRule = {
  attempts: 3,
  delayMs: 1_800 * SECOND_MS,
  reason: 'Three attempts half an hour apart: nobody waits for the report of a month.',
};

/** The policy of check-ins; a check-in on all users makes as many rounds. */
export const checkinRetry: RetryRule = messageRetry;

export const messageTasks = {
  send: taskRow<SendMessageInput, SendMessageOutput>()({
    name: 'messages.send',
    purpose: 'Sends one text message, once per message key.',
    queue: queues.messagingSmsDaily,
    parameters: ['to', 'body', 'messageKey'],
    retry: messageRetry,
    limits: standardLimits,
    breaker: providerBreaker,
  }),
  sendSmart: taskRow<SmartMessageInput, UserMessageOutput>()({
    name: 'messages.sendSmart',
    purpose: 'Tells a user something on the channel that the user wants, else on the other one.',
    queue: queues.messagingSmsDaily,
    aliases: celery('send_communication_task'),
    parameters: ['userId', 'triggerType', 'data', 'messageKey'],
    retry: messageRetry,
    limits: longLimits,
    sealInput: true,
  }),
  sendFinancialAlert: taskRow<UserMessageInput, UserMessageOutput>()({
    name: 'messages.sendFinancialAlert',
    purpose: 'Alerts a user, also in quiet hours.',
    queue: queues.messagingSmsCritical,
    aliases: celery('send_critical_financial_alert'),
    parameters: ['userId', 'message', 'messageKey'],
    retry: alertRetry,
    limits: longLimits,
    sealInput: true,
  }),
  sendPaymentReminder: taskRow<PaymentReminderInput, UserMessageOutput>()({
    name: 'messages.sendPaymentReminder',
    purpose: 'Reminds a user of a payment, outside of quiet hours.',
    queue: queues.messagingPaymentReminders,
    aliases: celery('send_payment_reminder'),
    parameters: ['userId', 'amount', 'dueOn', 'reference', 'messageKey'],
    retry: reminderRetry,
    limits: longLimits,
    sealInput: true,
  }),
  sendEducation: taskRow<EducationInput, UserMessageOutput>()({
    name: 'messages.sendEducation',
    purpose: 'Sends a user something to learn from, by mail.',
    queue: queues.messagingEmailEducation,
    aliases: celery('send_educational_content'),
    parameters: ['userId', 'subject', 'message', 'messageKey'],
    retry: fourTimes180s,
    limits: longLimits,
    sealInput: true,
  }),
  setContact: taskRow<ContactInput, ContactOutput>()({
    name: 'messages.setContact',
    purpose: 'Notes how a user wants to be written to: number, consent, channel and quiet hours.',
    queue: queues.messagingSmsDaily,
    retry: untilStoreIsBack,
    limits: longLimits,
    sealInput: true,
  }),
  sendMonthlyReport: taskRow<MonthlyReportInput, UserMessageOutput>()({
    name: 'messages.sendMonthlyReport',
    purpose: 'Sends a user the report of a month by mail, once for each month.',
    queue: queues.messagingEmailReports,
    aliases: celery('send_monthly_report'),
    parameters: ['userId', 'month'],
    retry: reportRetry,
    limits: longLimits,
    sealInput: true,
  }),
  sendWeeklyCheckin: taskRow<WeeklyCheckinInput, UserMessageOutput>()({
    name: 'messages.sendWeeklyCheckin',
    purpose: 'Asks a user how things are, once a week.',
    queue: queues.messagingSmsDaily,
    aliases: celery('send_weekly_checkin'),
    parameters: ['userId', 'week'],
    retry: checkinRetry,
    limits: longLimits,
    sealInput: true,
  }),
  listRecipients: taskRow<RecipientPageInput, RecipientPageOutput>()({
    name: 'messages.listRecipients',
    purpose: 'Lists a page of the users that a message is for and that have not got it yet.',
    queue: queues.messagingSmsDaily,
    retry: untilStoreIsBack,
    limits: standardLimits,
  }),
  // What keeps one message is an outcome of these two, and tried again in the next round; only the store, or a worker that
  // dies, fails an attempt.
  reportToUser: taskRow<ReportToUserInput, ToldUser>()({
    name: 'messages.reportToUser',
    purpose: 'Sends the report of a month to one of all users, and says what became of it.',
    queue: queues.messagingEmailReports,
    retry: untilStoreIsBack,
    limits: standardLimits,
    sealInput: true,
  }),
  checkInOnUser: taskRow<CheckInOnUserInput, ToldUser>()({
    name: 'messages.checkInOnUser',
    purpose: 'Asks one of all users how things are, and says what became of it.',
    queue: queues.messagingSmsDaily,
    retry: untilStoreIsBack,
    limits: standardLimits,
    sealInput: true,
  }),
  ...analyticsTasks,
} as const;
