/** Shapes of the example tasks of operations. Workflow code imports only types from here. */
import { z } from 'zod';
import type { DomainSchemas } from '../domain.schema.ts';
import { jsonSchema } from '../values/json/schema.ts';

const data = z.record(z.string(), jsonSchema);

export const paymentInputSchema = z.strictObject({ payment_id: z.string().min(1).max(200) });
export const paymentOutputSchema = z.object({ status: z.literal('completed'), payment_id: z.string() });

export const notificationInputSchema = z.strictObject({
  user_id: z.string().min(1).max(200),
  message: z.string().min(1).max(10_000),
});
export const notificationOutputSchema = z.object({ status: z.literal('sent') });

export const analyticsInputSchema = z.strictObject({ data });
export const analyticsOutputSchema = z.object({ status: z.literal('processed') });

export const adaptiveInputSchema = z.strictObject({
  task_type: z.string().min(1).max(200),
  data: data.describe('`urgent` and `user_facing` decide where it runs'),
});
export const adaptiveOutputSchema = z.object({
  status: z.literal('processed'),
  task_type: z.string(),
  queue: z.string().describe('The queue whose worker did it'),
});

export const timedInputSchema = z.strictObject({
  data: data.describe('`work_ms`: how long the work takes, in milliseconds; default 100'),
});
export const timedOutputSchema = z.object({ status: z.literal('completed'), work_ms: z.number() });

export const longRunningInputSchema = z.strictObject({
  items: z.array(jsonSchema).max(10_000),
  chunk_size: z.int().min(1).max(1_000).optional().describe('Items of one chunk; default 100'),
  item_ms: z.number().min(0).max(60_000).optional().describe('How long one item takes, in milliseconds; default 0'),
});
export const longRunningOutputSchema = z.object({
  status: z.literal('completed'),
  items: z.int(),
  chunks: z.int(),
  resumed_at: z.int().describe('Chunks that an attempt before had done'),
});

export const effectInputSchema = z.strictObject({
  key: z.string().min(1).max(200),
  work_ms: z.number().min(0).max(10_000).optional().describe('How long it works before it has its effect'),
});
export const effectOutputSchema = z.object({
  first: z.boolean().describe('The effect had not happened before'),
  attempt: z.int(),
});

export const euDataInputSchema = z.strictObject({ data });
export const euDataOutputSchema = z.object({
  status: z.literal('processed'),
  region: z.string().describe('The region of the worker that did it'),
});

export const askInputSchema = z.strictObject({
  service_url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .describe('Address of the service, http or https'),
});
export const askOutputSchema = z.object({
  status: z.literal('completed'),
  body: jsonSchema.describe('The answer: the value of JSON, otherwise its text'),
});

export const processInputSchema = z.strictObject({ data });
export const processedOutputSchema = z.object({ status: z.literal('processed'), fields: z.int() });

const id = z.string().min(1).max(200);
export const processPaymentOutputSchema = z.object({
  status: z.enum(['processed', 'already_processed']),
  payment_id: z.string(),
});
export const communicationInputSchema = z.strictObject({
  user_id: id,
  message: z.string().min(1).max(10_000),
  key: id.optional().describe('What makes it the same message: default is template and period, else this call alone'),
  template: id.optional().describe('Kind of the message, such as `reminder`; with `period`'),
  period: id.optional().describe('The time that it is about, such as `2026-11`'),
});
export const communicationOutputSchema = z.object({ status: z.enum(['sent', 'already_sent']) });
export const counterInputSchema = z.strictObject({
  counter: id,
  key: id.optional().describe('What is counted, once: default is this call'),
});
export const counterOutputSchema = z.object({ counter: z.string(), value: z.int() });

export const cachedInputSchema = z.strictObject({ key: id });
export const cachedOutputSchema = z.object({
  key: z.string(),
  result: z.string(),
  cached: z.boolean().describe('Another call has computed it'),
});

const url = z.url({ protocol: /^https?$/ }).max(2_000);
export const conditionalInputSchema = z.strictObject({ api_url: url });
export const externalInputSchema = z.strictObject({ url });
export const degradationInputSchema = z.strictObject({ primary_service: url, fallback_service: url });
export const degradationOutputSchema = z.object({ source: z.enum(['primary', 'fallback']), result: z.unknown() });

/** Input and output of each task of the domain. */
export const operationsTaskSchemas = {
  'operations.criticalPaymentProcessing': { input: paymentInputSchema, output: paymentOutputSchema },
  'operations.userNotification': { input: notificationInputSchema, output: notificationOutputSchema },
  'operations.analyticsProcessing': { input: analyticsInputSchema, output: analyticsOutputSchema },
  'operations.adaptivePriorityTask': { input: adaptiveInputSchema, output: adaptiveOutputSchema },
  'operations.timedTask': { input: timedInputSchema, output: timedOutputSchema },
  'operations.longRunningTask': { input: longRunningInputSchema, output: longRunningOutputSchema },
  'operations.noteEffect': { input: effectInputSchema, output: effectOutputSchema },
  'operations.processPayment': { input: paymentInputSchema, output: processPaymentOutputSchema },
  'operations.sendCommunication': { input: communicationInputSchema, output: communicationOutputSchema },
  'operations.incrementCounter': { input: counterInputSchema, output: counterOutputSchema },
  'operations.cachedTask': { input: cachedInputSchema, output: cachedOutputSchema },
  'operations.processEuData': { input: euDataInputSchema, output: euDataOutputSchema },
  'operations.circuitBreakerTask': { input: askInputSchema, output: askOutputSchema },
  'operations.processWithRetry': { input: processInputSchema, output: processedOutputSchema },
  'operations.safeProcess': { input: processInputSchema, output: processedOutputSchema },
  'operations.robustTask': { input: processInputSchema, output: processedOutputSchema },
  'operations.robustConnectionTask': { input: processInputSchema, output: processedOutputSchema },
  'operations.conditionalRetry': { input: conditionalInputSchema, output: z.unknown() },
  'operations.fetchExternalData': { input: externalInputSchema, output: z.unknown() },
  'operations.gracefulDegradation': { input: degradationInputSchema, output: degradationOutputSchema },
} as const;

/** What the operations domain contributes to the schemas. */
export const operationsSchemas = {
  tasks: operationsTaskSchemas,
} as const satisfies DomainSchemas;

export type PaymentInput = z.infer<typeof paymentInputSchema>;
export type PaymentOutput = z.infer<typeof paymentOutputSchema>;
export type NotificationInput = z.infer<typeof notificationInputSchema>;
export type NotificationOutput = z.infer<typeof notificationOutputSchema>;
export type AnalyticsInput = z.infer<typeof analyticsInputSchema>;
export type AnalyticsOutput = z.infer<typeof analyticsOutputSchema>;
export type AdaptiveInput = z.infer<typeof adaptiveInputSchema>;
export type AdaptiveOutput = z.infer<typeof adaptiveOutputSchema>;
export type TimedInput = z.infer<typeof timedInputSchema>;
export type TimedOutput = z.infer<typeof timedOutputSchema>;
export type LongRunningInput = z.infer<typeof longRunningInputSchema>;
export type LongRunningOutput = z.infer<typeof longRunningOutputSchema>;
export type EffectInput = z.infer<typeof effectInputSchema>;
export type EffectOutput = z.infer<typeof effectOutputSchema>;
export type EuDataInput = z.infer<typeof euDataInputSchema>;
export type EuDataOutput = z.infer<typeof euDataOutputSchema>;
export type AskInput = z.infer<typeof askInputSchema>;
export type AskOutput = z.infer<typeof askOutputSchema>;
export type ProcessInput = z.infer<typeof processInputSchema>;
export type ProcessedOutput = z.infer<typeof processedOutputSchema>;
export type ConditionalInput = z.infer<typeof conditionalInputSchema>;
export type ExternalInput = z.infer<typeof externalInputSchema>;
export type DegradationInput = z.infer<typeof degradationInputSchema>;
export type DegradationOutput = z.infer<typeof degradationOutputSchema>;
export type ProcessPaymentOutput = z.infer<typeof processPaymentOutputSchema>;
export type CommunicationInput = z.infer<typeof communicationInputSchema>;
export type CommunicationOutput = z.infer<typeof communicationOutputSchema>;
export type CounterInput = z.infer<typeof counterInputSchema>;
export type CounterOutput = z.infer<typeof counterOutputSchema>;
export type CachedInput = z.infer<typeof cachedInputSchema>;
export type CachedOutput = z.infer<typeof cachedOutputSchema>;
