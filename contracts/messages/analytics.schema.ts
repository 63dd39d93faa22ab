/** Shapes of the tasks that watch over messages. Never imported by value in workflow code. */
import { z } from 'zod';
import { instantSchema } from '../values/instant.schema.ts';
import { ENGAGEMENTS, MESSAGE_TYPES } from './vocabulary.ts';

const count = z.int().nonnegative();
const ratio = z.number().min(0).max(1).nullable();
const hour = z.int().min(0).max(23).nullable();
export const channelSchema = z.enum(['sms', 'email']);
const userIdSchema = z.string().min(1).max(200).describe('Id of a user');
const days = (most: number) => z.int().min(1).max(most);

const channelFiguresSchema = z.object({
  channel: channelSchema,
  /** Messages that a provider took. */
  sent: count,
  /** Messages that arrived; always 0 for mail, of which nobody tells. */
  delivered: count,
  /** Messages that did not arrive, or were refused. */
  failed: count,
  /** Share of what was sent that arrived; `null` for mail, and where nothing was sent. */
  delivery_rate: ratio,
  /** What users did: answers, opened and followed messages. */
  engaged: count,
  /** Engagement for each message that was sent, at most 1; `null` where nothing was sent. */
  engagement_rate: ratio,
});
export const trackDeliveryRatesInputSchema = z.strictObject({
  hours: z.int().min(1).max(8_784).default(24).describe('How far back messages are counted'),
  messageType: z.enum(MESSAGE_TYPES).optional().describe('Only messages of a type'),
});
export const trackDeliveryRatesOutputSchema = z.object({
  since: z.iso.datetime(),
  channels: z.array(channelFiguresSchema),
});

export const analyzeEngagementInputSchema = z.strictObject({
  userId: userIdSchema,
  days: days(730).default(90).describe('How far back is looked'),
});
export const analyzeEngagementOutputSchema = z.object({
  user_id: z.string(),
  since: z.iso.datetime(),
  time_zone: z.string(),
  channels: z.array(channelFiguresSchema),
  /** What the user did by hour of the day, from midnight in the zone of the user. */
  by_hour: z.array(count).length(24),
  /** `null` while too little is known. */
  best_hour: hour,
  last_engaged_at: z.iso.datetime().nullable(),
});

export const noteEngagementInputSchema = z.strictObject({
  userId: userIdSchema,
  channel: channelSchema,
  kind: z.enum(ENGAGEMENTS),
  eventKey: z.string().min(1).max(300).optional().describe('Names what happened; the same one counts once'),
  happenedAt: instantSchema.optional().describe('Default: now'),
});
export const noteEngagementOutputSchema = z.object({ status: z.literal('noted'), user_id: z.string() });

export const optimizeSendTimesInputSchema = z.strictObject({ days: days(730).default(90) });
export const optimizeSendTimesOutputSchema = z.object({
  /** Users who did something in the time. */
  users: count,
  /** Those of whom enough is known for a best hour. */
  with_best_hour: count,
});

export const askAboutMessagesInputSchema = z.strictObject({
  limit: z.int().min(1).max(10_000).default(1_000).describe('Most messages that are asked for'),
});
export const askAboutMessagesOutputSchema = z.object({
  asked: count,
  /** Those whose end is known now. */
  settled: count,
  /** Those that the provider does not know any more; nobody asks for them again. */
  unknown: count,
});

export const eraseUserInputSchema = z.strictObject({ userId: userIdSchema });
export const eraseUserOutputSchema = z.object({
  status: z.literal('erased'),
  user_id: z.string(),
  /** Rows that were deleted, by table. */
  deleted: z.record(z.string(), count),
});

export type TrackDeliveryRatesInput = z.infer<typeof trackDeliveryRatesInputSchema>;
export type TrackDeliveryRatesOutput = z.infer<typeof trackDeliveryRatesOutputSchema>;
export type ChannelFigures = z.infer<typeof channelFiguresSchema>;
export type AnalyzeEngagementInput = z.infer<typeof analyzeEngagementInputSchema>;
export type AnalyzeEngagementOutput = z.infer<typeof analyzeEngagementOutputSchema>;
export type NoteEngagementInput = z.infer<typeof noteEngagementInputSchema>;
export type NoteEngagementOutput = z.infer<typeof noteEngagementOutputSchema>;
export type OptimizeSendTimesInput = z.infer<typeof optimizeSendTimesInputSchema>;
export type OptimizeSendTimesOutput = z.infer<typeof optimizeSendTimesOutputSchema>;
export type AskAboutMessagesInput = z.infer<typeof askAboutMessagesInputSchema>;
export type AskAboutMessagesOutput = z.infer<typeof askAboutMessagesOutputSchema>;
export type EraseUserInput = z.infer<typeof eraseUserInputSchema>;
export type EraseUserOutput = z.infer<typeof eraseUserOutputSchema>;
