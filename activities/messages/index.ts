/** The activities of text messages: one body for each row of `contracts/messages/tasks.ts`. */
import { messageTaskSchemas } from '../../contracts/messages/schema.ts';
import { messageTasks } from '../../contracts/messages/tasks.ts';
import { activitiesOf } from '../shell/activities-of.ts';
import {
  analyzeUserEngagement,
  askAboutMessages,
  eraseUser,
  monitorQueueDepth,
  noteEngagement,
  optimizeSendTimes,
  trackDeliveryRates,
} from './analytics.ts';
import type { MessagePorts } from './ports.ts';
import { checkInOnUser, listRecipients, reportToUser, sendMonthlyReport, sendWeeklyCheckin } from './regular.ts';
import { sendMessage } from './send.ts';
import { sendEducation, sendFinancialAlert, sendPaymentReminder, sendSmart, setContact } from './users.ts';

/**
 * Creates the activities of text messages. Every one may run twice, because the ledger records what was sent under which
 * key.
 */
export const createMessageActivities = activitiesOf(messageTasks, messageTaskSchemas, (ports: MessagePorts) => ({
  send: (input, context) => sendMessage(ports, input, context),
  sendSmart: (input, context) => sendSmart(ports, input, context),
  sendFinancialAlert: (input, context) => sendFinancialAlert(ports, input, context),
  sendPaymentReminder: (input, context) => sendPaymentReminder(ports, input, context),
  sendEducation: (input, context) => sendEducation(ports, input, context),
  setContact: (input) => setContact(ports, input),
  sendMonthlyReport: (input, context) => sendMonthlyReport(ports, input, context),
  sendWeeklyCheckin: (input, context) => sendWeeklyCheckin(ports, input, context),
  listRecipients: (input) => listRecipients(ports, input),
  reportToUser: (input, context) => reportToUser(ports, input, context),
  checkInOnUser: (input, context) => checkInOnUser(ports, input, context),
  monitorQueueDepth: () => monitorQueueDepth(ports),
  trackDeliveryRates: (input) => trackDeliveryRates(ports, input),
  analyzeUserEngagement: (input) => analyzeUserEngagement(ports, input),
  noteEngagement: (input, context) => noteEngagement(ports, input, context),
  optimizeSendTimes: (input, context) => optimizeSendTimes(ports, input, context),
  askAboutMessages: (input, context) => askAboutMessages(ports, input, context),
  eraseUser: (input, context) => eraseUser(ports, input, context),
}));
