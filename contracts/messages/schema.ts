/** Shapes of everything that enters or leaves the domain of text messages. Never imported by value in workflow code. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { messageKeySchema, subjectSchema } from '../email/schema.ts';
import { monitorQueueLengthsInputSchema, monitorQueueLengthsOutputSchema } from '../housekeeping/schema.ts';
import {
  analyzeEngagementInputSchema,
  analyzeEngagementOutputSchema,
  askAboutMessagesInputSchema,
  askAboutMessagesOutputSchema,
  eraseUserInputSchema,
  eraseUserOutputSchema,
  noteEngagementInputSchema,
  noteEngagementOutputSchema,
  optimizeSendTimesInputSchema,
  optimizeSendTimesOutputSchema,
  trackDeliveryRatesInputSchema,
  trackDeliveryRatesOutputSchema,
} from './analytics.schema.ts';
import { MESSAGE_TYPES, messageWorkflows, REGULAR_MESSAGES } from './vocabulary.ts';

/** A telephone number as people write it. The task tells apart what is wrong with one. */
export const phoneSchema = z
  .string()
  .min(1)
  .max(50)
  .describe('Telephone number in the international form, such as +4915112345678; spaces and hyphens are allowed');

/** What a message says. Longer ones are refused by the task, with a failure of their own. */
const bodySchema = z.string().min(1).max(10_000).describe('What it says; at most 1,600 characters');

const timeOfDaySchema = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 21:30')
  .describe('Time of day in the zone of the user, such as 21:30');

const sendMessageSchema = z.strictObject({ messageKey: messageKeySchema, to: phoneSchema, body: bodySchema });

export const sendMessageInputSchema = sendMessageSchema;
/** As HTTP takes it: without a key the server makes one. */
export const sendMessageRequestSchema = sendMessageSchema.partial({ messageKey: true });
export const sendMessageOutputSchema = z.object({
  status: z.literal('sent'),
  /** Id that the provider gave the message. */
  sid: z.string(),
  encoding: z.enum(['gsm7', 'ucs2']),
  /** Parts that a phone network carries; each is paid for. */
  segments: z.int(),
  /** What the parts cost by MESSAGES_SEGMENT_COST, as a decimal number. */
  cost: z.string(),
});

const userIdSchema = z.string().min(1).max(200).describe('Id of a user');
/** As a message key, where the caller has one: without it, every call is a message of its own. */
const callKeySchema = messageKeySchema.optional();

/** What an event tells the user. */
export const smartMessageInputSchema = z.strictObject({
  userId: userIdSchema,
  triggerType: z.enum(MESSAGE_TYPES).describe('What the message is about; a `financial_alert` disturbs quiet hours'),
  data: z.strictObject({ message: bodySchema, subject: subjectSchema.optional() }),
  messageKey: callKeySchema,
});
export const userMessageInputSchema = z.strictObject({
  userId: userIdSchema,
  message: bodySchema,
  messageKey: callKeySchema,
});
export const paymentReminderInputSchema = z.strictObject({
  userId: userIdSchema,
  /** As the user reads it: with its currency. */
  amount: z.string().min(1).max(40),
  /** A day such as 2026-12-31. */
  dueOn: z.iso.date(),
  reference: z.string().min(1).max(100).describe('What is to be paid, such as the number of an invoice'),
  messageKey: callKeySchema,
});
export const educationInputSchema = z.strictObject({
  userId: userIdSchema,
  subject: subjectSchema,
  message: z.string().min(1).max(100_000),
  messageKey: callKeySchema,
});
export const userMessageOutputSchema = z.object({
  status: z.literal('sent'),
  user_id: z.string(),
  channel: z.enum(['sms', 'email']),
  message_key: z.string(),
  /** Id of the provider of text messages, or Message-ID. */
  reference: z.string(),
  /** Why the channel that was wanted was not the one, as the type of a failure. */
  fell_back: z.string().optional(),
});
export const contactInputSchema = z.strictObject({
  userId: userIdSchema,
  phone: phoneSchema.nullable().optional().describe('`null` takes it away'),
  wantsTexts: z.boolean().optional().describe('Whether the user has said so; no texts without it'),
  channel: z.enum(['sms', 'email']).optional(),
  quietFrom: timeOfDaySchema.optional(),
  quietUntil: timeOfDaySchema.optional(),
});
export const contactOutputSchema = z.object({ status: z.literal('saved'), user_id: z.string() });

const monthSchema = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'expected a month such as 2026-11')
  .describe('A month such as 2026-11');
const weekSchema = z.iso.date().describe('The Monday of a week, such as 2026-11-30');

export const monthlyReportInputSchema = z.strictObject({
  userId: userIdSchema,
  month: monthSchema.optional().describe('The month that is told about; default: the one before this one'),
});
export const weeklyCheckinInputSchema = z.strictObject({
  userId: userIdSchema,
  week: weekSchema.optional().describe('The Monday of the week; default: this one'),
});

/** A page of the users that are told something. */
export const recipientPageInputSchema = z.object({
  messageType: z.enum(REGULAR_MESSAGES),
  period: z.union([monthSchema, weekSchema]),
  /** Id of the last user of the page before; empty for the first. */
  after: z.string().max(1_000),
  limit: z.int().min(1).max(5_000),
});
export const recipientPageOutputSchema = z.object({
  /** Those who were not told yet. */
  userIds: z.array(z.string()),
  /** How many of the page have been told in this period already. */
  told: z.int(),
  /** Where the next page begins; `null` when there is none. */
  next: z.string().nullable(),
});
const round = z.int().min(1);
export const reportToUserInputSchema = z.object({ userId: userIdSchema, month: monthSchema, round });
export const checkInOnUserInputSchema = z.object({ userId: userIdSchema, week: weekSchema, round });
export const toldUserSchema = z.object({
  status: z.enum(['sent', 'failed', 'deferred']),
  /** Type of the failure. */
  failure: z.string().optional(),
  /** Pause before the next attempt at a deferred one, in milliseconds. */
  againAfterMs: z.number().nonnegative(),
});

/** Input and output of each task of the domain. */
export const messageTaskSchemas = {
  'messages.send': { input: sendMessageInputSchema, output: sendMessageOutputSchema },
  'messages.sendSmart': { input: smartMessageInputSchema, output: userMessageOutputSchema },
  'messages.sendFinancialAlert': { input: userMessageInputSchema, output: userMessageOutputSchema },
  'messages.sendPaymentReminder': { input: paymentReminderInputSchema, output: userMessageOutputSchema },
  'messages.sendEducation': { input: educationInputSchema, output: userMessageOutputSchema },
  'messages.setContact': { input: contactInputSchema, output: contactOutputSchema },
  'messages.sendMonthlyReport': { input: monthlyReportInputSchema, output: userMessageOutputSchema },
  'messages.sendWeeklyCheckin': { input: weeklyCheckinInputSchema, output: userMessageOutputSchema },
  'messages.listRecipients': { input: recipientPageInputSchema, output: recipientPageOutputSchema },
  'messages.reportToUser': { input: reportToUserInputSchema, output: toldUserSchema },
  'messages.checkInOnUser': { input: checkInOnUserInputSchema, output: toldUserSchema },
  'messages.monitorQueueDepth': { input: monitorQueueLengthsInputSchema, output: monitorQueueLengthsOutputSchema },
  'messages.trackDeliveryRates': { input: trackDeliveryRatesInputSchema, output: trackDeliveryRatesOutputSchema },
  'messages.analyzeUserEngagement': { input: analyzeEngagementInputSchema, output: analyzeEngagementOutputSchema },
  'messages.noteEngagement': { input: noteEngagementInputSchema, output: noteEngagementOutputSchema },
  'messages.optimizeSendTimes': { input: optimizeSendTimesInputSchema, output: optimizeSendTimesOutputSchema },
  'messages.askAboutMessages': { input: askAboutMessagesInputSchema, output: askAboutMessagesOutputSchema },
  'messages.eraseUser': { input: eraseUserInputSchema, output: eraseUserOutputSchema },
} as const;

const noOptions = z.union([z.tuple([]), z.tuple([z.strictObject({})])]);

/** What the domain contributes to the schemas. */
export const messageSchemas = {
  tasks: messageTaskSchemas,
  workflows: {
    [messageWorkflows.sendMonthlyReports]: noOptions,
    [messageWorkflows.sendWeeklyCheckins]: noOptions,
  },
} as const satisfies DomainSchemas;

export type SendMessageInput = z.infer<typeof sendMessageInputSchema>;
export type SendMessageOutput = z.infer<typeof sendMessageOutputSchema>;
export type SmartMessageInput = z.infer<typeof smartMessageInputSchema>;
export type UserMessageInput = z.infer<typeof userMessageInputSchema>;
export type PaymentReminderInput = z.infer<typeof paymentReminderInputSchema>;
export type EducationInput = z.infer<typeof educationInputSchema>;
export type UserMessageOutput = z.infer<typeof userMessageOutputSchema>;
export type ContactInput = z.infer<typeof contactInputSchema>;
export type ContactOutput = z.infer<typeof contactOutputSchema>;
export type MonthlyReportInput = z.infer<typeof monthlyReportInputSchema>;
export type WeeklyCheckinInput = z.infer<typeof weeklyCheckinInputSchema>;
export type RecipientPageInput = z.infer<typeof recipientPageInputSchema>;
export type RecipientPageOutput = z.infer<typeof recipientPageOutputSchema>;
export type ReportToUserInput = z.infer<typeof reportToUserInputSchema>;
export type CheckInOnUserInput = z.infer<typeof checkInOnUserInputSchema>;
export type ToldUser = z.infer<typeof toldUserSchema>;
